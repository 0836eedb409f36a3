import { describe, expect, it } from '@jest/globals';
import { IsNumber, IsString } from 'class-validator';
import { aJob, aJobSpec, anObject, aPlugin, aTask } from '../testing/builders.js';
import type { Location } from '../words/location.js';
import { legacyObstacle, legacyTaskObstacle } from './legacy-fit.js';

class Threshold {
  @IsNumber() threshold = 3;
}
class Needed {
  @IsString() model!: string;
}

describe('a job for legacy workers', () => {
  const obstacle = (changes: Parameters<typeof aJobSpec>[0], plugin = aPlugin()) =>
    legacyObstacle({ spec: aJobSpec(changes) }, plugin);

  it('lies on S3 on both sides and has the parameters its plugin begins with', () => {
    expect(obstacle({})).toBeUndefined();
    expect(obstacle({ params: { threshold: 3 } }, aPlugin({}, { params: Threshold }))).toBeUndefined();
  });

  it.each<{ what: string; changes: Parameters<typeof aJobSpec>[0]; why: RegExp; params?: new () => object }>([
    { what: 'a folder it comes from', changes: { input: { bucket: 'file:///data', prefix: '' } }, why: /folder/ },
    { what: 'a folder it goes to', changes: { output: { bucket: 'file:///data', prefix: '' } }, why: /folder/ },
    {
      what: 'anything else to be known of a place',
      changes: { output: { bucket: 'results', prefix: '', role: 'arn:aws:iam::1:role/x' } as Location },
      why: /settings \("role"\)/,
    },
    { what: 'parameters', changes: { params: { threshold: 4 } }, why: /parameters/, params: Threshold },
    { what: 'parameters that must be given', changes: { params: { model: 'm' } }, why: /parameters/, params: Needed },
  ])('has not $what', ({ changes, why, params }) => {
    expect(obstacle(changes, aPlugin({}, params && { params }))).toMatch(why);
  });
});

describe('a task for legacy workers', () => {
  const obstacle = (keys: string[], plugin = aPlugin()) =>
    legacyTaskObstacle(aTask({ objects: keys.map((key) => anObject(key)) }), aJob(), plugin);

  it('holds objects right below the prefix, whose names are all different', () => {
    expect(obstacle(['in/a.png', 'in/b.png'])).toBeUndefined();
  });

  it('F1: holds none that lies in a folder, because two of one name would be one file', () => {
    expect(obstacle(['in/a.png', 'in/x/a.png'])).toMatch(/"in\/x\/a.png" lies in a folder/);
  });

  it('F2: holds none whose output lies in a folder, or about which the plugin throws', () => {
    expect(obstacle(['in/a.png'], aPlugin({ outputs: ({ relativeKey }) => [`labels/${relativeKey}`] }))).toMatch(
      /output "labels\/a.png"/,
    );
    const outputs = () => {
      throw new Error('no idea');
    };
    expect(obstacle(['in/a.png'], aPlugin({ outputs }))).toMatch(/does not say/);
  });
});
