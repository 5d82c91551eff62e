/** `email`: unknown where an older license authority does not tell it. */
export type Named = { readonly name: string; readonly email?: string | null };

const folded = (name: string): string => name.normalize('NFC').trim().toLocaleLowerCase();

/** Names the people of a list: where several of them have one name, each with the e-mail address. */
export const namesAmong = (people: readonly Named[]): ((person: Named) => string) => {
  const addresses = new Map<string, Set<string>>();
  for (const { name, email } of people) {
    if (email === null || email === undefined) continue;
    const key = folded(name);
    addresses.set(key, (addresses.get(key) ?? new Set()).add(email));
  }
  return ({ name, email }) => (email === null || email === undefined || (addresses.get(folded(name))?.size ?? 0) < 2 ? name : `${name} (${email})`);
};

type Holding = { readonly person: string | null; readonly email?: string | null };

/** The same for those who hold a license; null where nobody is known by name. */
export const holderNamesAmong = (holders: readonly Holding[]): ((holder: Holding) => string | null) => {
  const named = namesAmong(holders.flatMap(({ person, email }) => (person === null ? [] : [{ name: person, email: email ?? null }])));
  return ({ person, email }) => (person === null ? null : named({ name: person, email: email ?? null }));
};
