// Opens a state file and closes it again; killed in the middle by whoever started it.
import { SqliteJobStore } from '../sqlite-job-store.ts';

const store = new SqliteJobStore(process.argv[2]);
await store.close();
