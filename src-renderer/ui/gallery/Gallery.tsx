import { Building2, ChevronDown, FileKey2, HardDrive, KeyRound, LogOut, MoreHorizontal, Plus, RefreshCw, Settings, Users } from 'lucide-react'
import { useState } from 'react'
import { DownloadButton } from '../../saving/DownloadButton.tsx'
import {
  AppShell, Badge, Banner, Brand, Button, Card, Checkbox, CodeBlock, ConfirmDialog, Dialog, EmptyState, FileDrop, FormError, IconButton, KeyValueList, LatchkeyMark, Link, Menu,
  MenuItem, MenuSection, MenuTrigger, NavItem, NavSection, notify, NumberField, Page, PasswordField, Popover, PopoverTrigger, ProgressBar, RadioGroup, SearchField, SeatBar, Section, SegmentedControl,
  Select, Skeleton, Spinner, Stepper, Switch, Table, Tabs, TextField, Time, ToastRegion,
} from '../index.ts'

const now = 1_790_000_000
const organizations = [{ id: 'north', label: 'Northlight Pictures', text: 'Manager' }, { id: 'harbor', label: 'Harbor Broadcast', text: 'Reader' }] as const
const documentText = `-----BEGIN LATCHKEY LICENSE FILE-----
eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiOGZ6cXhPd2tUbUZ2Z0x4bFJ2b2xxa0dx
bWVpTkpzV2F4dU9uRkZqVFpTbyIsInR5cCI6ImxhdGNoa2V5LWxpY2Vuc2Urand0
-----END LATCHKEY LICENSE FILE-----`

const rows = [
  { id: '1', machine: 'edit-07', holder: 'Ida Berg', mode: 'online', until: now + 3600 * 20 },
  { id: '2', machine: 'stage-2', holder: 'Noor Vance', mode: 'offline', until: now + 86_400 * 40 },
  { id: '3', machine: 'grade-1', holder: 'Tomas Lind', mode: 'online', until: now + 3600 * 5 },
] as const

export const Gallery = () => {
  const [organization, setOrganization] = useState<string>('north')
  const [mode, setMode] = useState<'online' | 'offline'>('online')
  const [view, setView] = useState<'all' | 'mine'>('all')
  const [open, setOpen] = useState<'confirm' | 'dialog' | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [isOn, setOn] = useState(true)
  const [period, setPeriod] = useState(30)
  const [refusal, setRefusal] = useState<string | null>('stage-2.lklic')
  const user = (
    <MenuTrigger>
      <Button variant="quiet" trailingIcon={<ChevronDown aria-hidden="true" />}>Ida Berg</Button>
      <Menu placement="bottom end" head={<><strong>Ida Berg</strong><br /><span className="lk-soft">ida@northlight.example</span></>}>
        <MenuSection title="Organization" selected={organization} onSelect={setOrganization}>
          {organizations.map(({ id, label, text }) => <MenuItem key={id} id={id} text={text}>{label}</MenuItem>)}
        </MenuSection>
        <MenuSection aria-label="Account">
          <MenuItem id="settings" icon={<Settings />} shortcut="Ctrl+,">Settings</MenuItem>
          <MenuItem id="out" icon={<LogOut />} isDanger>Log out</MenuItem>
        </MenuSection>
      </Menu>
    </MenuTrigger>
  )
  return (
    <AppShell
      kind="desktop"
      skipLabel="Skip to content"
      brand={<Brand mark={<LatchkeyMark />} name="Latchkey" />}
      switcher={<Select label="Organization" isLabelHidden options={organizations} value={organization} onChange={setOrganization} />}
      navLabel="Pages"
      nav={(
        <>
          <NavSection>
            <NavItem href="#use" icon={<KeyRound />} isActive>License in use</NavItem>
            <NavItem href="#mine" icon={<FileKey2 />} aside="3">My licenses</NavItem>
            <NavItem href="#exchange" icon={<HardDrive />}>Offline exchange</NavItem>
          </NavSection>
          <NavSection title="Organization">
            <NavItem href="#people" icon={<Users />}>People</NavItem>
            <NavItem href="#org" icon={<Building2 />}>Licenses</NavItem>
          </NavSection>
        </>
      )}
      navFoot="Connected to the authority"
      top={<Badge tone="ok" hasDot>Connected</Badge>}
      user={user}
      banner={<Banner tone="warn" title="The authority cannot be reached" action={<Button size="small" icon={<RefreshCw aria-hidden="true" />}>Try again</Button>}>What you see is as of <Time seconds={now - 1200} now={now} locale="en" format="relative" />.</Banner>}
    >
      <Page
        title="License in use"
        subtitle="Compositor Studio on edit-07"
        back={<Link href="#all">All licenses</Link>}
        actions={<><Button>Change license</Button><Button variant="primary" icon={<Plus aria-hidden="true" />}>Check out</Button></>}
        width="wide"
      >
        <div className="lk-row">
          <Button>Secondary</Button><Button variant="primary">Primary</Button><Button variant="quiet">Quiet</Button><Button variant="danger" onPress={() => setOpen('confirm')}>Release license</Button>
          <Button variant="primary" isPending={isBusy} pendingLabel="Renewing" onPress={() => { setBusy(true); setTimeout(() => setBusy(false), 1500) }}>Renew</Button>
          <Button isPending pendingLabel="Saving">Saving</Button><Button isDisabled>Disabled</Button><Button size="small">Small</Button><Button size="large" variant="primary">Large</Button>
          <IconButton label="More" icon={<MoreHorizontal aria-hidden="true" />} /><IconButton variant="secondary" label="Refresh" icon={<RefreshCw aria-hidden="true" />} />
          <Link href="#x">A link</Link><Link href="#x" variant="button">Link as a button</Link>
          <DownloadButton fileName="edit-07.lkreq" content={documentText}>Save request file</DownloadButton>
          <PopoverTrigger><Button onPress={() => undefined}>Popover</Button><Popover aria-label="Seats">Twelve seats are free.</Popover></PopoverTrigger>
          <Button onPress={() => notify({ title: 'License released', text: 'The seat is free again.' })}>Toast</Button>
          <Button onPress={() => notify({ tone: 'danger', title: 'Not released', text: 'The authority cannot be reached.', action: { label: 'Try again', onPress: () => undefined } })}>Toast danger</Button>
          <Button onPress={() => setOpen('dialog')}>Dialog</Button>
        </div>
        <div className="lk-row">
          {(['neutral', 'ok', 'warn', 'danger', 'info', 'brass'] as const).map((tone) => <Badge key={tone} tone={tone} hasDot={tone !== 'brass'}>{tone}</Badge>)}
          <Spinner label="Loading" isLabelVisible /><SegmentedControl label="View" value={view} onChange={setView} segments={[{ id: 'all', title: 'All' }, { id: 'mine', title: 'Mine' }]} />
        </div>
        <div style={{ display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(min(340px, 100%), 1fr))' }}>
          <Card title="Compositor Studio" text="Northlight Pictures" actions={<Badge tone="ok">Online</Badge>}>
            <KeyValueList items={[{ term: 'Machine', value: 'edit-07' }, { term: 'Until', value: <Time seconds={now + 80_000} locale="en" /> }, { term: 'Last contact', value: <Time seconds={now - 120} now={now} locale="en" format="relative" /> }, { term: 'Fingerprint', value: 'mch_8fzqxOwkTmFvgLxlRvolqkGqmeiNJsWaxuOnFFjTZSo', isMonospace: true }]} />
          </Card>
          <Card title="Seats">
            <div className="lk-stack">
              <SeatBar label="5 of 20 seats free, 12 in use, 2 in transit, 1 at risk" seats={{ inUse: 12, inTransit: 2, atRisk: 1, free: 5 }} legend={{ inUse: 'in use', inTransit: 'in transit', atRisk: 'at risk', free: 'free' }} />
              <SeatBar label="40 of 100 seats free" seats={{ inUse: 48, inTransit: 8, atRisk: 4, free: 40 }} />
              <ProgressBar label="Reading the request file" value={62} /><ProgressBar label="Waiting for the authority" />
              <Skeleton lines={3} />
            </div>
          </Card>
          <Card title="Form">
            <div className="lk-stack">
              <TextField label="Machine name" defaultValue="edit-07" description="Written into the request file." />
              <TextField label="E-mail" defaultValue="ida@" error="This is not an e-mail address." />
              <PasswordField label="Password" showLabel="Show" hideLabel="Hide" defaultValue="secret" />
              <SearchField label="Search" placeholder="Search machines" />
              <NumberField label="Period" suffix="days" value={period} onChange={setPeriod} minValue={1} maxValue={60} />
              <Select label="Product" options={[{ id: 'any', label: 'Any product' }, { id: 'comp', label: 'Compositor' }]} value="any" onChange={() => undefined} description="Any lets the operator choose." />
              <TextField label="Reason" rows={3} />
              <FormError>The request could not be written.</FormError>
            </div>
          </Card>
          <Card title="Choices">
            <div className="lk-stack">
              <Checkbox defaultSelected>Set as default organization</Checkbox><Checkbox isIndeterminate text="Some of them">All machines</Checkbox><Checkbox isDisabled>Cannot be chosen</Checkbox>
              <Switch isSelected={isOn} onChange={setOn} text="Shows the lease in the tray">Tray icon</Switch><Switch>Off</Switch>
              <RadioGroup label="Mode" variant="cards" value={mode} onChange={setMode} options={[{ id: 'online', label: 'Online', text: 'Renewed while connected; anyone can see where it is.' }, { id: 'offline', label: 'Offline', text: 'Locked to this machine until the period ends or you release it.' }]} />
              <RadioGroup label="Plain" value={mode} onChange={setMode} options={[{ id: 'online', label: 'Online' }, { id: 'offline', label: 'Offline', isDisabled: true }]} />
            </div>
          </Card>
        </div>
        <Banner tone="info" title="This machine is offline until 12 May" /><Banner tone="danger" title="The license file is for another machine" action={<Button size="small">Choose another file</Button>}>It was made for stage-2. Ask for one made from this machine's request.</Banner><Banner tone="ok" title="Receipt saved" onClose={() => undefined} closeLabel="Close" />
        <Card title="Machines" padding="flush" actions={<Button size="small">Export</Button>}>
          <Table
            label="Machines"
            rows={rows}
            rowKey={({ id }) => id}
            initialSort={{ column: 'machine', direction: 'ascending' }}
            columns={[
              { id: 'machine', header: 'Machine', cell: ({ machine }) => machine, sortBy: ({ machine }) => machine, isRowHeader: true },
              { id: 'holder', header: 'Holder', cell: ({ holder }) => holder, sortBy: ({ holder }) => holder },
              { id: 'mode', header: 'Mode', cell: ({ mode: kind }) => <Badge tone={kind === 'online' ? 'ok' : 'info'}>{kind}</Badge> },
              { id: 'until', header: 'Until', align: 'end', cell: ({ until }) => <Time seconds={until} locale="en" />, sortBy: ({ until }) => until },
              { id: 'actions', header: 'Actions', isHeaderHidden: true, align: 'end', cell: () => <Button size="small">Release</Button> },
            ]}
          />
        </Card>
        <Section title="Offline exchange" text="Three files, carried by hand.">
          <div style={{ display: 'grid', gap: 24, gridTemplateColumns: 'repeat(auto-fit, minmax(min(340px, 100%), 1fr))' }}>
            <Stepper
              label="Exchange"
              stateLabels={{ done: 'done', current: 'current', todo: 'to do' }}
              steps={[
                { id: 'a', title: 'Save the request file', text: 'edit-07.lkreq, 2 hours ago', state: 'done' },
                { id: 'b', title: 'Have it answered', text: 'Carry it to a connected computer.', state: 'current', content: <Button size="small">Save it again</Button> },
                { id: 'c', title: 'Bring the license file back', state: 'todo' },
              ]}
            />
            <div className="lk-stack">
              <FileDrop title="Drop the license file here" text="Ends in .lklic" chooseLabel="Choose a file" accept={['.lklic']} onFiles={(files) => setRefusal(files[0]?.name ?? null)} refusal={refusal === null ? undefined : { title: `${refusal} is for another machine`, text: 'Ask for a license file made from this request.' }} />
              <FileDrop title="Drop a request file here" chooseLabel="Choose a file" onFiles={() => undefined} busyLabel="Checking the signature" />
            </div>
          </div>
          <CodeBlock label="License file" text={documentText} copyLabel="Copy" copiedLabel="Copied" />
        </Section>
        <Tabs label="Details" tabs={[{ id: 'one', title: 'Leases', content: <EmptyState icon={<KeyRound />} title="No lease yet" text="Pick a license to start working." action={<Button variant="primary">Pick a license</Button>} /> }, { id: 'two', title: 'History', content: 'Nothing.' }]} />
        <div className="lk-row">{[16, 20, 32, 64].map((size) => <LatchkeyMark key={size} size={size} />)}</div>
      </Page>
      <ConfirmDialog
        isOpen={open === 'confirm'}
        onOpenChange={() => setOpen(null)}
        title="Release license?"
        confirmLabel="Release license"
        cancelLabel="Cancel"
        isDanger
        isPending={isBusy}
        onConfirm={() => { setBusy(true); setTimeout(() => { setBusy(false); setOpen(null) }, 1200) }}
        error="The authority cannot be reached. The license is still yours."
      >
        <p>Compositor Studio closes on edit-07 and the seat is free for others.</p>
      </ConfirmDialog>
      <Dialog isOpen={open === 'dialog'} onOpenChange={() => setOpen(null)} title="Switch to offline mode" closeLabel="Close" actions={<Button variant="primary" onPress={() => setOpen(null)}>Switch</Button>}>
        <TextField label="Period" autoFocus />
      </Dialog>
      <ToastRegion label="Messages" closeLabel="Close" />
    </AppShell>
  )
}
