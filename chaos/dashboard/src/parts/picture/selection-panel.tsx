import { useEffect, useRef } from 'preact/hooks'

import type { CatalogueView } from '../../../../contracts/api.ts'
import { isAdopted, usePageState } from '../../data/page-state.ts'
import { useLinkHealth } from '../../health/use-link-health.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { ActiveFaultList } from '../active-fault-list.tsx'
import { ExchangeList } from './exchange-list.tsx'
import { FaultForm } from './fault-form.tsx'
import type { Selection } from './sandbox-picture.tsx'
import { TrapForm } from './trap-form.tsx'

/** The selected link or instance: its active faults, forms for a new fault and a trap, exchanges and facts. */
export function SelectionPanel(props: {
  readonly selected: Selection
  readonly catalogue: CatalogueView | null
  readonly onArmed: () => void
  readonly onClose: () => void
}) {
  const { selected, catalogue, onArmed, onClose } = props
  const faults = usePageState((state) => state.sandbox?.faults ?? [])
  const here = faults.filter((fault) => fault.targets.some((target) => target === selected.name))
  const system = usePageState((state) => state.sandbox?.system)
  const kinds =
    selected.kind === 'link'
      ? ['link']
      : system?.stores.some((store) => store === selected.name) === true
        ? ['store', 'instance']
        : ['instance']
  const link = system?.links.find(({ name }) => selected.kind === 'link' && name === selected.name)
  const panel = useRef<HTMLElement>(null)
  // On a narrow screen the panel is below the picture, so it scrolls into view. It takes the focus, and returns it to the
  // picture when it closes.
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' })
    panel.current?.focus({ preventScroll: true })
    return () =>
      document.querySelector<SVGElement>(`[data-name="${selected.name}"]`)?.focus({
        preventScroll: true,
      })
  }, [selected.name])
  return (
    <section class="panel stack inspector" aria-label={selected.name} ref={panel} tabIndex={-1}>
      <header class="row" style={{ margin: 0 }}>
        <h2 style={{ flex: 1 }}>{selected.name}</h2>
        <button class="quiet" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {here.length > 0 && <ActiveFaultList faults={here} />}
      {catalogue !== null && (
        <FaultForm
          key={selected.name}
          target={selected.name}
          faults={catalogue.faults.filter(
            ({ target, stores }) =>
              kinds.includes(target) && stores?.includes(selected.name) !== false,
          )}
        />
      )}
      {link !== undefined && link.protocol !== 'bytes' && (
        <details>
          <summary>Trap: act on one message</summary>
          <TrapForm key={link.name} link={link} onArmed={onArmed} />
        </details>
      )}
      {selected.kind === 'link' && <ExchangeList key={selected.name} link={selected.name} />}
      {selected.kind === 'link' ? (
        <LinkFacts name={selected.name} protocol={link?.protocol ?? 'not known'} />
      ) : (
        <InstanceFacts name={selected.name} />
      )}
    </section>
  )
}

function LinkFacts({ name, protocol }: { readonly name: string; readonly protocol: string }) {
  const { words, counted } = useLinkHealth(name)
  const link = usePageState((state) => state.sandbox?.links.find((item) => item.name === name))
  const known = usePageFacts((facts) => facts.linksKnown)
  if (link === undefined) return <p class="empty">No data for this link yet.</p>
  return (
    <dl class="facts">
      <dt>state</dt>
      <dd>
        {known ? '' : 'not known; last known: '}
        {link.enabled ? 'up' : 'down: refuses connections'}
      </dd>
      <dt>protocol</dt>
      <dd>{protocol === 'bytes' ? 'bytes: faults work, traps on messages do not' : protocol}</dd>
      <dt>requests</dt>
      <dd>{!counted || !known ? 'not known' : (words?.join(', ') ?? 'none in the last 5 s')}</dd>
      <dt>connections</dt>
      <dd>{link.connections}</dd>
      <dt>bytes</dt>
      <dd>
        {bytes(link.bytesUpstream)} to {name.split(':')[1]}, {bytes(link.bytesDownstream)} back
      </dd>
      <dt>listens on</dt>
      <dd class="mono">{link.listen}</dd>
      <dt>upstream</dt>
      <dd class="mono">{link.upstream}</dd>
      <dt>toxics</dt>
      <dd>
        {link.toxics.length === 0 ? 'none' : link.toxics.map((toxic) => toxic.type).join(', ')}
      </dd>
    </dl>
  )
}

function InstanceFacts({ name }: { readonly name: string }) {
  const instance = usePageState((state) =>
    state.sandbox?.instances.find((item) => item.name === name),
  )
  const known = usePageFacts((facts) => facts.instancesKnown)
  const adopted = usePageState(isAdopted)
  if (instance === undefined) return <p class="empty">No data for this instance yet.</p>
  const own = instance.seams?.filter((seam) => seam.source === 'exercise') ?? []
  return (
    <dl class="facts">
      <dt>state</dt>
      <dd>
        {known ? '' : 'not known; last known: '}
        {instance.state}
      </dd>
      {instance.pid !== undefined && (
        <>
          <dt>process</dt>
          <dd>{instance.pid}</dd>
        </>
      )}
      <dt>restarts</dt>
      <dd>
        {instance.restarts}
        {adopted ? '' : ' by the supervisor'}
      </dd>
      {instance.lastExit !== undefined && (
        <>
          <dt>last exit</dt>
          <dd>{instance.lastExit.signal ?? `code ${String(instance.lastExit.code)}`}</dd>
        </>
      )}
      {own.length > 0 && (
        <>
          <dt>your code</dt>
          <dd>{own.map((seam) => `${seam.seam} (${seam.sha256.slice(0, 8)})`).join(', ')}</dd>
        </>
      )}
    </dl>
  )
}

/** `12.3 kB` */
function bytes(count: number): string {
  if (count < 1_000) return `${count} B`
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} kB`
  return `${(count / 1_000_000).toFixed(1)} MB`
}
