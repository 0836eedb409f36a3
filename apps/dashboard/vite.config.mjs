/** Builds the dashboard into plain files that a strict content security policy allows: nothing inline, nothing from elsewhere. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npx vite` finds an orchestrator while somebody works on the dashboard. */
const orchestrator = process.env.LONGSHORE_URL ?? 'http://127.0.0.1:8480';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
  },
  server: { proxy: { '/api': { target: orchestrator, changeOrigin: true, headers: { origin: orchestrator } } } },
});
