/** The words of an IAM policy, and names of resources in it. */

export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface Policy {
  Version: '2012-10-17';
  Statement: Statement[];
}

/** Who may take a role on. */
export interface TrustPolicy {
  Version: '2012-10-17';
  Statement: {
    Effect: 'Allow';
    Principal: { AWS: string[] };
    Action: ['sts:AssumeRole'];
    Condition?: { StringEquals: { 'sts:ExternalId': string } };
  }[];
}

export function policyOf(statements: readonly (Statement | undefined)[]): Policy {
  return { Version: '2012-10-17', Statement: statements.filter((statement) => statement !== undefined) };
}

/** A name as it is: characters that stand for others in a policy are written so that they stand for themselves. */
export function literal(name: string): string {
  return name.replace(/[*?$]/g, (character) => `\${${character}}`);
}

/** Whatever begins with this name. */
export function anythingBelow(name: string): string {
  return `${literal(name)}*`;
}
