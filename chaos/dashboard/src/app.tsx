import { useEffect } from 'preact/hooks'

import { openEventStream } from './data/event-stream.ts'
import { watchImpact } from './health/watch-impact.ts'
import { useKeptFocus } from './hooks/use-kept-focus.ts'
import { type PageRoute, usePageRoute } from './hooks/use-page-route.ts'
import { loadedPart } from './loaded-part.tsx'
import { Banner } from './parts/banner.tsx'
import { KeyHelp } from './parts/key-help.tsx'
import { PageHeader } from './parts/page-header.tsx'
import { recordStage } from './present/record-stage.ts'
import { SeatNotice } from './seat/seat-notice.tsx'
import { WorkshopPanel } from './workshop/workshop-panel.tsx'

// Each page is a file of its own: a page loads only what it shows.
const FlowPage = loadedPart(async () => (await import('./flow/flow-page.tsx')).FlowPage)
const PresentPage = loadedPart(async () => (await import('./present/present-page.tsx')).PresentPage)
const SandboxPage = loadedPart(async () => (await import('./pages/sandbox.tsx')).SandboxPage)
const LabsPage = loadedPart(async () => (await import('./pages/labs.tsx')).LabsPage)
const LabPage = loadedPart(async () => (await import('./pages/lab.tsx')).LabPage)
const RunsPage = loadedPart(async () => (await import('./pages/runs.tsx')).RunsPage)
const RunPage = loadedPart(async () => (await import('./pages/run.tsx')).RunPage)
const XrayPage = loadedPart(async () => (await import('./pages/xray.tsx')).XrayPage)

export function App() {
  const route = usePageRoute()
  useEffect(() => openEventStream(), [])
  useEffect(() => recordStage(), [])
  useEffect(() => watchImpact(), [])
  return route.page === 'present' ? <Presenter route={route} /> : <WithHeader route={route} />
}

function WithHeader({ route }: { readonly route: PageRoute }) {
  useKeptFocus('#content')
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to content
      </a>
      <PageHeader page={route.page} />
      <main id="content" tabIndex={-1}>
        <SeatNotice />
        <Banner />
        <WorkshopPanel />
        <Page route={route} />
      </main>
      <KeyHelp />
    </>
  )
}

/** Without the header and the banner: the presenter view has nothing else on it. */
function Presenter({ route }: { readonly route: PageRoute }) {
  return (
    <>
      <PresentPage isHidden={route.id === 'hidden'} />
      <KeyHelp />
    </>
  )
}

/** Moves the focus only. The default would change the address, which names the page. */
function skip(event: Event): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#content')?.focus()
}

function Page({ route: { page, id, rest } }: { readonly route: PageRoute }) {
  switch (page) {
    case 'labs':
      return id === undefined ? <LabsPage /> : <LabPage id={id} key={id} />
    case 'runs':
      return id === undefined ? <RunsPage /> : <RunPage id={id} key={id} />
    case 'flows':
      return id === undefined ? <RunsPage /> : <FlowPage id={id} rest={rest} />
    case 'xray':
      return <XrayPage id={id} rest={rest} />
    default:
      return <SandboxPage />
  }
}
