import type { Target } from './engine.ts';
import { parsePlanted } from './planted-parser.ts';
import { borderTargets } from './targets-borders.ts';
import { documentTargets } from './targets-documents.ts';

/** Every parser of what comes from outside. */
export const allTargets = async (): Promise<readonly Target[]> => [...(await documentTargets()), ...borderTargets()];

export const plantedTarget: Target = {
  name: 'planted', weight: 1, seeds: [Buffer.from('[a=1]')],
  run: (input) => (parsePlanted(Buffer.from(input).toString()) === null ? 'refused' : 'taken'),
};
