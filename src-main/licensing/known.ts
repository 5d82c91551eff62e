import type { LicensingPorts } from './ports.ts';

/**
 * The token by which the authority knows this app again after a sign-in, so that strangers who guess at the account do not make
 * it wait. It opens nothing, and outlives signing out: a machine that cannot read or keep it signs in as one that never had.
 */
export const knownHere = async ({ secrets, log }: LicensingPorts): Promise<{ readonly known?: string }> => {
  try {
    const known = await secrets.read('known');
    return known === null ? {} : { known };
  } catch (error) {
    log('known.unreadable', { error: error instanceof Error ? error.message : String(error) });
    return {};
  }
};

export const keepKnown = async ({ secrets, log }: LicensingPorts, known: string | null): Promise<void> => {
  if (known === null) return;
  try {
    await secrets.write('known', known);
  } catch (error) {
    log('known.not-kept', { error: error instanceof Error ? error.message : String(error) });
  }
};
