/**
 * The names that Latchkey gives to what it keeps in a home, folders included: of a machine and of an authority. Nothing else
 * may be written in their place. A name that is added to a home is added here.
 */
export const homeNames = {
  machine: /^(machine-key|session|known|window|settings|in-use|running)\.json|^counter|^latchkey\.db|^(first-start|set-aside|turn)\.lock|^reserve(\.\d+)?$|^(browser|crashes|kept|licenses|logs|runs)$/,
  authority: /^authority\.db|^(serve|set-aside)\.lock|^\.init-|^keys$/,
} as const;
