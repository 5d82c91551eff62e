import { contract } from './index.ts';
import type { CallOf, Route, ValueOf } from './route.ts';

type Sections = typeof contract;
type At<S, N> = S extends keyof Sections ? (N extends keyof Sections[S] ? Sections[S][N] : never) : never;

/** A route of the contract as `section.operation`, such as `people.invite`: how a route is named where it cannot be passed. */
export type RouteName = { [S in keyof Sections & string]: `${S}.${keyof Sections[S] & string}` }[keyof Sections & string];
export type RouteNamed<N extends RouteName> = Extract<N extends `${infer S}.${infer R}` ? At<S, R> : never, Route>;
export type CallNamed<N extends RouteName> = CallOf<RouteNamed<N>>;
export type ValueNamed<N extends RouteName> = ValueOf<RouteNamed<N>>;

/** The route of a name; null when the contract has none. */
export const routeNamed = (name: string): Route | null => {
  const [section = '', operation = '', ...rest] = name.split('.');
  if (rest.length > 0 || !Object.hasOwn(contract, section)) return null;
  const found = contract[section as keyof Sections] as Readonly<Record<string, Route>>;
  return Object.hasOwn(found, operation) ? (found[operation] ?? null) : null;
};
