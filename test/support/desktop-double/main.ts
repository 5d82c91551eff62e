import { createDouble } from './double.ts';
import { scenarios } from './scenarios.ts';

const name = new URLSearchParams(location.search).get('state') ?? 'picker';
const scenario = scenarios[name as keyof typeof scenarios];
if (scenario === undefined) throw new Error(`no such state; there are ${Object.keys(scenarios).join(', ')}`);
Object.defineProperty(window, 'latchkey', { value: createDouble(scenario(Math.floor(Date.now() / 1000))) });
