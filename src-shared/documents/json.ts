const DEPTH = 16;

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/**
 * Parses JSON (RFC 8259) as documents need it: one object, at most 16 levels deep, no member name twice in an object, no
 * `__proto__`. Null when the text is anything else. Objects have no prototype.
 */
export const parseStrictObject = (text: string): { readonly [name: string]: Json } | null => {
  let at = 0;
  class Bad extends Error {}

  const space = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  };
  const take = (character: string): void => {
    if (text.charAt(at) !== character) throw new Bad();
    at += 1;
  };
  const matched = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) throw new Bad();
    at += found.length;
    return found;
  };
  const string = (): string => JSON.parse(matched(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y)) as string;

  const object = (depth: number): { [name: string]: Json } => {
    const members: { [name: string]: Json } = Object.create(null) as { [name: string]: Json };
    take('{');
    space();
    if (text.charAt(at) === '}') {
      at += 1;
      return members;
    }
    for (;;) {
      space();
      const name = string();
      if (name === '__proto__' || Object.hasOwn(members, name)) throw new Bad();
      space();
      take(':');
      members[name] = value(depth + 1);
      space();
      if (text.charAt(at) === '}') break;
      take(',');
    }
    at += 1;
    return members;
  };
  const array = (depth: number): Json[] => {
    const items: Json[] = [];
    take('[');
    space();
    if (text.charAt(at) === ']') {
      at += 1;
      return items;
    }
    for (;;) {
      items.push(value(depth + 1));
      space();
      if (text.charAt(at) === ']') break;
      take(',');
    }
    at += 1;
    return items;
  };
  const value = (depth: number): Json => {
    if (depth > DEPTH) throw new Bad();
    space();
    const first = text.charAt(at);
    if (first === '{') return object(depth);
    if (first === '[') return array(depth);
    if (first === '"') return string();
    const word = matched(/true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    return JSON.parse(word) as Json;
  };

  try {
    space();
    const result = object(1);
    space();
    return at === text.length ? result : null;
  } catch (error) {
    if (error instanceof Bad) return null;
    throw error;
  }
};
