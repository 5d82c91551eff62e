import type { ColumnType, Generated, Kysely, Selectable, Transaction } from 'kysely';
import type { ClusterLocation } from '../../src-shared/http/schema.ts';
import type { Role } from '../../src-shared/role.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import type { Seconds } from '../../src-shared/time.ts';

/** The languages of pages and mails. */
export type Locale = 'en' | 'de';
type InviteState = 'pending' | 'accepted' | 'declined' | 'cancelled';
type PreferenceName = 'productNews' | 'usageStatistics' | 'licenseMails';
type TaskState = 'open' | 'granted' | 'declined' | 'withdrawn';
type MailState = 'waiting' | 'sent' | 'failed';

/** The tables as Kysely sees them. Times are epoch seconds; `Json*` columns hold JSON text. */
export type Schema = {
  readonly authority: { readonly one: number; readonly id: string; readonly created_at: Seconds };
  readonly authority_key: {
    readonly kid: string;
    readonly role: 'root' | 'license';
    readonly jwk: string;
    readonly not_before: Seconds;
    readonly revoked_at: Seconds | null;
  };
  readonly keyset: { readonly version: number; readonly document: string; readonly issued_at: Seconds };
  readonly organization: {
    readonly id: string;
    readonly name: string;
    readonly created_at: Seconds;
    readonly legal: ColumnType<string | null, string | null | undefined, string | null>;
    readonly cluster: ColumnType<ClusterLocation, ClusterLocation | undefined, ClusterLocation>;
    readonly created_by: ColumnType<string | null, string | null | undefined, string | null>;
  };
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly password: string;
    readonly default_organization: string | null;
    readonly created_at: Seconds;
    /** Null for those who came from a load file, which knows one name only. */
    readonly first_name: ColumnType<string | null, string | null | undefined, string | null>;
    readonly last_name: ColumnType<string | null, string | null | undefined, string | null>;
    readonly locale: ColumnType<Locale, Locale | undefined, Locale>;
    readonly cluster: ColumnType<ClusterLocation, ClusterLocation | undefined, ClusterLocation>;
    /** The row of an account that was deleted stays, without personal data, for what refers to it. */
    readonly deleted_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  readonly member: { readonly organization: string; readonly user: string; readonly role: Role; readonly joined_at: ColumnType<Seconds, Seconds | undefined, Seconds> };
  readonly acceptance: { readonly user: string; readonly document: 'agreement' | 'privacy'; readonly version: string; readonly at: Seconds };
  readonly ownership_offer: { readonly organization: string; readonly offered_by: string; readonly offered_to: string; readonly at: Seconds };
  readonly invite: {
    readonly id: string;
    readonly organization: string;
    /** Normalized: compared as it is. */
    readonly email: string;
    readonly role: Role;
    readonly token_hash: string;
    readonly invited_by: string | null;
    readonly locale: Locale;
    readonly created_at: Seconds;
    readonly sent_at: Seconds;
    readonly sent_times: Generated<number>;
    readonly expires_at: Seconds;
    readonly state: ColumnType<InviteState, InviteState | undefined, InviteState>;
    readonly ended_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  readonly mail: {
    readonly id: string;
    readonly recipient: string;
    readonly subject: string;
    readonly text: string;
    readonly html: string;
    readonly queued_at: Seconds;
    /** When to try next. */
    readonly next_at: Seconds;
    readonly attempts: Generated<number>;
    /** What the last attempt met with. */
    readonly problem: ColumnType<string | null, string | null | undefined, string | null>;
    readonly state: ColumnType<MailState, MailState | undefined, MailState>;
    readonly sent_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  readonly session: {
    readonly id: string;
    readonly token_hash: string;
    readonly user: string;
    readonly agent: string | null;
    readonly created_at: Seconds;
    readonly expires_at: Seconds;
    readonly revoked_at: Seconds | null;
    readonly last_used_at: ColumnType<Seconds, Seconds | undefined, Seconds>;
    /** The hash of the token before the present one, good until `previous_until`. */
    readonly previous_hash: ColumnType<string | null, string | null | undefined, string | null>;
    readonly previous_until: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
    /** The hash of the second secret of a session in a cookie; null for one that travels as bearer. */
    readonly binding_hash: ColumnType<string | null, string | null | undefined, string | null>;
    /** The binding of the session before it in the same browser, until `replaced_until`. */
    readonly replaced_binding: ColumnType<string | null, string | null | undefined, string | null>;
    readonly replaced_until: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  readonly second_factor: {
    readonly user: string;
    readonly method: 'app' | 'email';
    /** Of an app: sealed. */
    readonly secret: string | null;
    readonly last_step: Generated<number>;
    readonly created_at: Seconds;
    /** Null: begun, and not on. */
    readonly confirmed_at: Seconds | null;
  };
  readonly recovery_code: { readonly user: string; readonly code_hash: string; readonly created_at: Seconds; readonly used_at: Seconds | null };
  readonly mail_code: {
    readonly user: string;
    readonly purpose: 'sign-in' | 'factor';
    readonly code_hash: string;
    readonly sent_at: Seconds;
    readonly expires_at: Seconds;
    readonly tries: Generated<number>;
    readonly used_at: Seconds | null;
  };
  readonly account_link: {
    readonly token_hash: string;
    readonly user: string;
    readonly purpose: 'email' | 'password';
    readonly email: string | null;
    readonly created_at: Seconds;
    readonly expires_at: Seconds;
    readonly used_at: Seconds | null;
    /** When another link took its place. */
    readonly ended_at: Seconds | null;
  };
  readonly preference: { readonly user: string; readonly name: PreferenceName; readonly value: number };
  readonly preference_change: {
    readonly id: Generated<number>;
    readonly user: string;
    readonly at: Seconds;
    readonly name: PreferenceName;
    readonly was: number;
    readonly became: number;
  };
  readonly product: { readonly id: string; readonly name: string; readonly kind: 'desktop' | 'cloud' };
  readonly license: {
    readonly id: string;
    readonly organization: string;
    readonly product: string;
    readonly edition: string | null;
    readonly features: string;
    readonly access: 'everyone' | 'assigned';
    readonly modes: string;
    readonly valid_from: Seconds | null;
    readonly valid_until: Seconds | null;
    readonly suspended_at: Seconds | null;
    /** As the operator gave it; null also for one that was suspended before reasons were kept. */
    readonly suspended_reason: ColumnType<string | null, string | null | undefined, string | null>;
    readonly policy: string;
    readonly seats: number;
    readonly created_at: Seconds;
  };
  readonly assignment: { readonly license: string; readonly user: string };
  readonly machine: {
    readonly id: string;
    readonly jwk: string;
    readonly name: string;
    readonly os: string;
    readonly app: string;
    readonly fingerprint: string;
    readonly last_seq: number;
    readonly first_seen: Seconds;
    readonly last_contact: Seconds;
    /** Set while nobody has decided about a counter value that was used twice. */
    readonly cloned_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
    /** Its key is never answered again. */
    readonly retired_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  readonly time_ticket: {
    readonly machine: string;
    readonly seq: number;
    readonly request: string;
    readonly digest: string;
    readonly issued_at: Seconds;
    readonly text: string;
  };
  readonly machine_fingerprint: { readonly machine: string; readonly at: Seconds; readonly fingerprint: string };
  readonly seat: {
    readonly id: Generated<number>;
    readonly license: string;
    readonly machine: string | null;
    readonly lease: string | null;
    readonly busy_until: ColumnType<Seconds, Seconds | undefined, Seconds>;
  };
  readonly lease: {
    readonly id: string;
    readonly license: string;
    readonly machine: string;
    /** The seat that this lease keeps busy; null once the seat has passed to another machine or is free. */
    readonly seat: number | null;
    readonly holder: string | null;
    /** Whether it counts against the holder's limit of leases. */
    readonly counted: number;
    readonly carrier: 'network' | 'file';
    readonly mode: LeaseMode;
    readonly state: 'active' | 'released' | 'revoked' | 'expired';
    readonly issued_at: Seconds;
    /** End of the newest file. */
    readonly until: Seconds;
    /** The latest end of any file of this lease that the machine may still use. */
    readonly busy_until: Seconds;
    /** The newest file. */
    readonly file: string;
    readonly file_seq: number;
    readonly confirmed: number;
    readonly fingerprint: string;
    readonly last_contact: Seconds | null;
    readonly ended_at: Seconds | null;
    readonly ended_by: string | null;
    readonly ended_why: string | null;
    /** When a person freed its seat early: its machine has not confirmed the end, and its file may be used until `busy_until`. */
    readonly freed_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  readonly license_file: {
    readonly jti: string;
    readonly lease: string;
    readonly seq: number;
    readonly request: string;
    readonly request_seq: number;
    readonly issued_at: Seconds;
    readonly exp: Seconds;
    readonly text: string;
  };
  /** Every document of a machine that was answered: a request or a release proof. */
  readonly machine_document: {
    readonly jti: string;
    readonly kind: 'request' | 'release';
    readonly machine: string;
    readonly seq: number;
    readonly digest: string;
    readonly lease: string;
    readonly received_at: Seconds;
  };
  readonly receipt: {
    readonly jti: string;
    readonly proof: string;
    readonly lease: string;
    readonly issued_at: Seconds;
    readonly text: string;
  };
  readonly task: {
    readonly id: string;
    readonly organization: string;
    readonly kind: 'assignment' | 'release';
    readonly license: string;
    readonly lease: string | null;
    readonly asked_by: string;
    /** The holder of the lease; null: whoever may answer. */
    readonly asked_of: string | null;
    readonly note: string;
    readonly created_at: Seconds;
    readonly state: ColumnType<TaskState, TaskState | undefined, TaskState>;
    readonly answered_by: ColumnType<string | null, string | null | undefined, string | null>;
    readonly answered_at: ColumnType<Seconds | null, Seconds | null | undefined, Seconds | null>;
  };
  /** A machine as an organization knows it: by the documents of its own leases. */
  readonly organization_machine: {
    readonly organization: string;
    readonly machine: string;
    readonly name: string;
    readonly os: string;
    readonly app: string;
    readonly fingerprint: string;
    readonly first_seen: Seconds;
    readonly last_seen: Seconds;
    /** When the machine itself first spoke of a license of the organization, and not only a file that somebody brought. */
    readonly confirmed_at: Seconds | null;
  };
  readonly organization_fingerprint: { readonly organization: string; readonly machine: string; readonly at: Seconds; readonly fingerprint: string };
  /** The answers to a request beyond the first, one for each organization. */
  readonly request_answer: { readonly request: string; readonly lease: string };
  readonly usage_now: {
    readonly license: string;
    /** Days since the epoch, UTC. */
    readonly day: number;
    readonly as_of: Seconds;
    readonly busy: number;
    readonly peak: number;
    readonly refusals: number;
  };
  readonly usage_day: { readonly organization: string; readonly product: string; readonly day: number; readonly peak: number; readonly refusals: number };
  /** The reminders that were written: see `reminders/reminders.ts`. */
  readonly reminder: { readonly kind: 'license' | 'lease' | 'weekly'; readonly subject: string; readonly until: Seconds; readonly step: number; readonly user: string };
  /** One row: see `clock/timekeeper.ts`. */
  readonly authority_time: {
    readonly one: number;
    readonly highest: Seconds;
    readonly wall: Seconds | null;
    readonly boot: string | null;
    readonly uptime: Seconds | null;
    readonly accepted: number;
  };
  readonly restoration: { readonly head: string; readonly seq: number; readonly state_of: Seconds; readonly noticed_at: Seconds; readonly accepted_at: Seconds | null };
  /** What the load files gave the last time; `organization` is empty for a product. */
  readonly loaded: {
    readonly kind: 'organization' | 'person' | 'license' | 'product';
    readonly organization: string;
    readonly subject: string;
    readonly content: string;
    readonly source: string | null;
  };
  readonly audit: {
    readonly seq: number;
    readonly at: Seconds;
    readonly organization: string | null;
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly details: string;
    readonly previous: string;
    readonly hash: string;
  };
};

export type Db = Kysely<Schema>;
export type Trx = Transaction<Schema>;
export type Row<T extends keyof Schema> = Selectable<Schema[T]>;
