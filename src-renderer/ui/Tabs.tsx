import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import './tabs.css'

export type TabsProps<Id extends string = string> = {
  label: string
  tabs: readonly { readonly id: Id, readonly title: ReactNode, readonly content: ReactNode }[]
  selected?: Id | undefined
  onSelect?: ((id: Id) => void) | undefined
}

export const Tabs = <Id extends string = string>({ label, tabs, selected, onSelect }: TabsProps<Id>) => (
  <AriaTabs
    className="lk-tabs"
    onSelectionChange={(key) => {
      const tab = tabs.find(({ id }) => id === key)
      if (tab !== undefined) onSelect?.(tab.id)
    }}
    {...(selected === undefined ? {} : { selectedKey: selected })}
  >
    <TabList aria-label={label} className="lk-tab-list">
      {tabs.map(({ id, title }) => <Tab key={id} id={id} className="lk-tab">{title}</Tab>)}
    </TabList>
    {tabs.map(({ id, content }) => <TabPanel key={id} id={id} className="lk-tab-panel">{content}</TabPanel>)}
  </AriaTabs>
)

export type SegmentedControlProps<Id extends string = string> = {
  label: string
  segments: readonly { readonly id: Id, readonly title: ReactNode, readonly isDisabled?: boolean | undefined }[]
  value: Id
  onChange: (value: Id) => void
}

/** One of a few views or filters, all visible. For data in a form take a RadioGroup. */
export const SegmentedControl = <Id extends string = string>({ label, segments, value, onChange }: SegmentedControlProps<Id>) => (
  <ToggleButtonGroup
    aria-label={label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={(keys) => {
      const segment = segments.find(({ id }) => keys.has(id))
      if (segment !== undefined) onChange(segment.id)
    }}
    className="lk-segments"
  >
    {segments.map(({ id, title, isDisabled = false }) => <ToggleButton key={id} id={id} isDisabled={isDisabled} className="lk-segment">{title}</ToggleButton>)}
  </ToggleButtonGroup>
)
