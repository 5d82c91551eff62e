/** The stand-in's own addresses, as sources of a content security policy. */
export type OwnAddress = { readonly page: string; readonly socket: string; readonly script: string };

type Directive = { readonly name: string; readonly sources: readonly string[] };

const fallbacks: Readonly<Record<string, readonly string[]>> = {
  'connect-src': ['connect-src', 'default-src'],
  'script-src': ['script-src-elem', 'script-src', 'default-src'],
};

/**
 * A policy with the stand-in's own addresses added where its page script and its socket need them, and where the policy
 * names the app's own scheme or origin, which is the stand-in's address here. No other source is added or taken away.
 */
export function withOwnAddress(policy: string, appOrigin: string, own: OwnAddress): string {
  return policy.split(',').map((one) => rewrite(one, appOrigin, own)).join(', ');
}

function rewrite(policy: string, appOrigin: string, own: OwnAddress): string {
  const directives = policy.split(';').map((part) => part.trim()).filter((part) => part !== '').map((part): Directive => {
    const [name = '', ...sources] = part.split(/\s+/);
    return { name, sources };
  });
  const appScheme = appOrigin.slice(0, appOrigin.indexOf(':') + 1);
  const mapped = directives.map(({ name, sources }): Directive =>
    ({ name, sources: sources.some((source) => source === appScheme || source === appOrigin) ? add(sources, [own.page]) : sources }));
  const connected = need(mapped, 'connect-src', (sources) => covers(sources, own.page) ? [own.socket] : [own.page, own.socket]);
  const scripted = need(connected, 'script-src', (sources) => covers(sources, own.page) ? [] : [own.script]);
  return scripted.map(({ name, sources }) => [name, ...sources].join(' ')).join('; ');
}

const covers = (sources: readonly string[], page: string): boolean => sources.includes("'self'") || sources.includes(page);

const add = (sources: readonly string[], more: readonly string[]): readonly string[] =>
  more.length === 0 ? sources : [...sources.filter((source) => source.toLowerCase() !== "'none'"), ...more.filter((source) => !sources.includes(source))];

function need(directives: readonly Directive[], wanted: string, missing: (sources: readonly string[]) => readonly string[]): readonly Directive[] {
  const ruling = (fallbacks[wanted] ?? []).map((name) => directives.find((directive) => directive.name.toLowerCase() === name)).find((found) => found !== undefined);
  if (ruling === undefined) return directives;
  const more = missing(ruling.sources);
  if (more.length === 0) return directives;
  const sources = add(ruling.sources, more);
  // default-src rules other things too, so what it says here is said again for the one directive.
  if (ruling.name.toLowerCase() === 'default-src') return [...directives, { name: wanted, sources }];
  return directives.map((directive) => directive === ruling ? { name: directive.name, sources } : directive);
}
