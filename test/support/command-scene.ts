import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startAuthority } from './authority.ts';
import type { TestAuthority } from './authority.ts';
import { createCommandLine, realTime } from './command.ts';
import type { CommandLine, Home } from './command.ts';

/** An authority of real time and the command line beside it, for all tests of a file; and for each test a home of its own. */
export const commandScene = () => {
  const scene = {
    authority: undefined as unknown as TestAuthority,
    commands: undefined as unknown as CommandLine,
    home: undefined as unknown as Home,
    /** Counts the tests: for names that no other test of the file uses. */
    turn: 0,
  };
  beforeAll(async () => {
    scene.authority = await startAuthority({ clock: realTime });
    scene.commands = createCommandLine(scene.authority);
  });
  afterAll(async () => {
    scene.commands.close();
    await scene.authority.close();
  });
  beforeEach(() => {
    scene.turn += 1;
    scene.home = scene.commands.home(`home-${scene.turn}`);
  });
  return scene;
};
