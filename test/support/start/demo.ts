import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../build.ts';

export const demoFile = join(project, 'assets/demo.json');

export type Person = { readonly email: string; readonly password: string; readonly name: string; readonly places: readonly { readonly organization: string; readonly role: string }[] };

type Demo = { readonly organizations: readonly { readonly name: string; readonly users?: readonly { readonly email: string; readonly name?: string; readonly password?: string; readonly role: string }[] }[] };

/** The people of the demo organizations, each once, with the organizations they belong to. */
export function demoPeople(text = readFileSync(demoFile, 'utf8')): readonly Person[] {
  const people = new Map<string, Person>();
  for (const { name: organization, users = [] } of (JSON.parse(text) as Demo).organizations) {
    for (const { email, name, password, role } of users) {
      const known = people.get(email);
      people.set(email, { email, name: name ?? known?.name ?? '', password: password ?? known?.password ?? '', places: [...(known?.places ?? []), { organization, role }] });
    }
  }
  return [...people.values()];
}
