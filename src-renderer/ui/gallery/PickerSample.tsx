import { KeyRound, Monitor, Package } from 'lucide-react'
import { useMemo, useState } from 'react'
import { AppShell, Badge, Brand, Button, EmptyState, LatchkeyMark, notify, Page, SeatBar, SegmentedControl, ToastRegion, VirtualList } from '../index.ts'

type Entry = { readonly id: string, readonly product: string, readonly edition: string, readonly free: number, readonly seats: number, readonly reason: string | null }

const products = ['Compositor', 'Renderer', 'Previz', 'Tracker', 'Grader', 'Editor', 'Sculptor', 'Simulator']
const count = Number(/\d+/.exec(location.hash)?.[0] ?? 10_000)
const entries: readonly Entry[] = Array.from({ length: count }, (_, place) => ({
  id: `lic_${place}`,
  product: `${products[place % products.length] ?? ''} ${Math.floor(place / products.length) + 1}`,
  edition: place % 3 === 0 ? 'Studio' : 'Standard',
  seats: 5 + (place * 7) % 60,
  free: place % 5 === 4 ? 0 : 1 + (place % 4),
  reason: place % 5 === 4 ? 'All seats in use: Ida Berg on edit-07 until 18:40, and 4 others' : null,
}))

const renderItem = (entry: Entry) => (
  <>
    <Package aria-hidden="true" size={18} strokeWidth={1.5} />
    <div style={{ flex: 1, minWidth: 0 }}>
      <p className="lk-truncate"><strong style={{ fontWeight: 550 }}>{entry.product}</strong> <span className="lk-soft">{entry.edition}</span></p>
      <p className="lk-small lk-soft lk-truncate">{entry.reason ?? 'Online or offline, until 31 Dec 2027'}</p>
    </div>
    <div style={{ width: 132 }}>
      <p className="lk-small lk-numeric" style={{ marginBottom: 4 }}>{entry.free} of {entry.seats} seats free</p>
      <SeatBar size="small" label={`${entry.free} of ${entry.seats} seats free`} seats={{ free: entry.free, inUse: entry.seats - entry.free, inTransit: 0, atRisk: 0 }} />
    </div>
  </>
)
const renderActions = (entry: Entry) => entry.reason === null ? <Badge tone="ok">Available</Badge> : <Button size="small">Release it there</Button>
const rowHeight = (entry: Entry) => entry.reason === null ? 56 : 60

export const PickerSample = () => {
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<'all' | 'free'>('all')
  const shown = useMemo(
    () => entries.filter((entry) => `${entry.product} ${entry.edition}`.toLowerCase().includes(query.toLowerCase()) && (filter === 'all' || entry.free > 0)),
    [query, filter],
  )
  return (
    <AppShell kind="desktop" skipLabel="Skip to content" brand={<Brand mark={<LatchkeyMark />} name="Latchkey" />} user={<Button variant="quiet" icon={<Monitor aria-hidden="true" />}>Northlight Pictures</Button>}>
      <Page title="Pick a license" subtitle="Northlight Pictures" isFixed>
        <VirtualList
          label="Licenses"
          items={shown}
          itemKey={({ id }) => id}
          rowHeight={rowHeight}
          renderItem={renderItem}
          renderActions={renderActions}
          isBlocked={({ reason }) => reason !== null}
          onChoose={({ product }) => notify({ title: `${product} checked out` })}
          search={{
            value: query,
            onChange: setQuery,
            label: 'Filter licenses',
            clearLabel: 'Clear',
            placeholder: 'Type to filter',
            autoFocus: true,
            aside: <SegmentedControl label="Show" value={filter} onChange={setFilter} segments={[{ id: 'all', title: 'All' }, { id: 'free', title: 'Available' }]} />,
          }}
          status={`${shown.length} licenses`}
          empty={<EmptyState icon={<KeyRound />} title="No license matches" text="Try fewer letters, or another organization." action={<Button onPress={() => setQuery('')}>Clear the filter</Button>} />}
        />
      </Page>
      <ToastRegion label="Messages" closeLabel="Close" />
    </AppShell>
  )
}
