import { useState } from 'preact/hooks'

import { usePageState } from '../data/page-state.ts'
import { LogPanel } from '../parts/log-panel.tsx'
import { ExchangeList } from '../parts/picture/exchange-list.tsx'
import { panelIdOf, tabIdOf, TabList } from '../parts/tab-list.tsx'
import type { Tab } from '../parts/tab-list.tsx'
import { TruthPanel } from '../parts/truth-panel.tsx'
import { RedisPanel, SqlPanel } from './sql-panel.tsx'

type PanelId = 'sql' | 'redis' | 'logs' | 'tap' | 'truth'

/** What the stores, the logs and the links say. Everything here only reads. */
export function DataPane() {
  const stores = usePageState(({ sandbox }) => storeKinds(sandbox?.urls ?? {}))
  const tabs: readonly Tab<PanelId>[] = [
    { id: 'truth', label: 'Truth' },
    ...(stores.includes('postgres') ? [{ id: 'sql', label: 'SQL' } as const] : []),
    ...(stores.includes('redis') ? [{ id: 'redis', label: 'Redis' } as const] : []),
    { id: 'logs', label: 'Logs' },
    { id: 'tap', label: 'Tap' },
  ]
  const [chosen, setChosen] = useState<PanelId>('truth')
  return (
    <div class="stack data">
      <TabList
        group="data"
        label="Data of the sandbox"
        tabs={tabs}
        chosen={chosen}
        onChoose={setChosen}
      />
      <div id={panelIdOf('data', chosen)} role="tabpanel" aria-labelledby={tabIdOf('data', chosen)}>
        <Panel id={chosen} />
      </div>
    </div>
  )
}

/** A string, because the state of the page is compared by identity. */
function storeKinds(urls: { readonly postgres?: string; readonly redis?: string }): string {
  return [urls.postgres && 'postgres', urls.redis && 'redis'].filter(Boolean).join()
}

function Panel({ id }: { readonly id: PanelId }) {
  switch (id) {
    case 'sql':
      return <SqlPanel />
    case 'redis':
      return <RedisPanel />
    case 'logs':
      return <LogPanel />
    case 'tap':
      return <TapPanel />
    case 'truth':
      return <TruthPanel />
  }
}

/** The exchanges of one link. */
function TapPanel() {
  const links = usePageState(({ sandbox }) => sandbox?.system.links)
  const [chosen, setChosen] = useState<string | null>(null)
  const link = chosen ?? links?.[0]?.name
  if (link === undefined) return <p class="panel empty">Loading …</p>
  return (
    <section class="panel stack" aria-label="Tap">
      <div class="form">
        <label>
          <span>Link</span>
          <select value={link} onChange={(event) => setChosen(event.currentTarget.value)}>
            {links?.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <ExchangeList key={link} link={link} />
    </section>
  )
}
