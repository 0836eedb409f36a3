/** Judges the variables that look like settings of Longshore. */
import { nearestName } from '../../job-file/nearest-name.js';
import { finding, type Finding } from '../finding.js';
import { knownSettings } from '../known-settings.js';

export function judgeSettings(environment: Readonly<Record<string, string | undefined>>): Finding[] {
  const ours = Object.keys(environment).filter((name) => /^LONGSHORE_/i.test(name));
  const strange = ours.filter((name) => !knownSettings.includes(name)).sort();
  if (strange.length === 0) {
    const said = ours.length === 0 ? 'No LONGSHORE_ variable is set.' : `Known: ${ours.sort().join(', ')}.`;
    return [finding('settings-ok', 'settings', said)];
  }
  return strange.map((name) => {
    const meant = nearestName(name, knownSettings);
    const said = `Nobody reads the variable ${name}.`;
    return meant === undefined
      ? finding('settings-unknown', 'settings', said)
      : finding('settings-misspelt', 'settings', said, { name: meant });
  });
}
