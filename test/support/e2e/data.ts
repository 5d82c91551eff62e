import type { Seconds } from '../../../src-shared/time.ts';

/** The organizations of the e2e specs. Their ends are counted from today, so that the specs do not grow old. */

const day = 86_400;
const dateIn = (days: number): string => new Date(Date.now() + days * day * 1000).toISOString().slice(0, 10);

export const PASSWORD = 'correct horse battery';

export type Person = { readonly email: string; readonly name: string };
const person = (email: string, name: string): Person => ({ email, name });

export const people = {
  astrid: person('astrid@northlight.example', 'Astrid Solberg'),
  mateo: person('mateo@northlight.example', 'Mateo Ruiz'),
  ingrid: person('ingrid@northlight.example', 'Ingrid Dahl'),
  jonas: person('jonas@northlight.example', 'Jonas Weber'),
  priya: person('priya@northlight.example', 'Priya Nair'),
  noor: person('noor@kestrel.example', 'Noor Haddad'),
} as const;

const member = ({ email, name }: Person, role: string) => ({ email, name, password: PASSWORD, role });

/**
 * Northlight Studios: Astrid (owner), Mateo (manager), Ingrid and Jonas (editors), Priya (reader). Kestrel VFX: Noor (owner),
 * and Ingrid as editor too. Everybody's password is `PASSWORD`.
 */
export const organizations = () => ({
  products: [
    { id: 'stage', name: 'Aurora Stage', kind: 'desktop' },
    { id: 'track', name: 'Aurora Track', kind: 'desktop' },
    { id: 'grade', name: 'Halide Grade', kind: 'desktop' },
    { id: 'comp', name: 'Halide Comp', kind: 'desktop' },
    { id: 'render', name: 'Kiln Render Node', kind: 'desktop' },
    { id: 'review', name: 'Lightbox Review', kind: 'cloud' },
  ],
  organizations: [
    {
      name: 'Northlight Studios',
      users: [member(people.astrid, 'owner'), member(people.mateo, 'manager'), member(people.ingrid, 'editor'), member(people.jonas, 'editor'), member(people.priya, 'reader')],
      licenses: [
        { id: 'lic_stage', product: 'stage', edition: 'Broadcast', features: ['Multi-camera', 'SDI output', 'DMX lighting'], seats: 12, validUntil: dateIn(580) },
        { id: 'lic_live', product: 'stage', edition: 'Live Event', features: ['Multi-camera', 'Failover'], seats: 2, modes: ['online'], validUntil: dateIn(400) },
        { id: 'lic_track', product: 'track', edition: 'Studio', features: ['Optical tracking', 'Lens calibration'], seats: 6, validUntil: dateIn(580), policy: { offlineDaysConnected: 30 } },
        { id: 'lic_comp', product: 'comp', edition: 'Professional', features: ['Deep compositing'], seats: 1, validUntil: dateIn(310) },
        { id: 'lic_grade', product: 'grade', edition: 'Finishing', features: ['HDR', 'Remote panel'], seats: 3, access: 'assigned', assigned: [people.jonas.email], validUntil: dateIn(490) },
        { id: 'lic_old', product: 'render', edition: 'Farm, last year', seats: 20, validUntil: dateIn(-54) },
        { id: 'lic_render', product: 'render', edition: 'Farm', features: ['Distributed baking'], seats: 40, validUntil: dateIn(670) },
        { id: 'lic_review', product: 'review', edition: 'Team', features: ['Frame comments', 'Watermarks'], seats: 25, modes: ['online'], validUntil: dateIn(400) },
      ],
    },
    {
      name: 'Kestrel VFX',
      users: [member(people.noor, 'owner'), { email: people.ingrid.email, name: people.ingrid.name, role: 'editor' }],
      licenses: [
        { id: 'lic_enterprise', product: 'comp', edition: 'Enterprise', features: ['Deep compositing', 'Python API'], seats: 16, validUntil: dateIn(430) },
        { id: 'lic_vault', product: 'comp', edition: 'Secure Vault', features: ['Air-gapped use'], seats: 4, modes: ['offline'], validUntil: dateIn(430), policy: { offlineDaysByFile: 180 } },
        { id: 'lic_next', product: 'grade', edition: 'Finishing, next year', features: ['HDR'], seats: 5, validFrom: dateIn(70), validUntil: dateIn(430) },
      ],
    },
  ],
});

export const secondsNow = (): Seconds => Math.floor(Date.now() / 1000);
