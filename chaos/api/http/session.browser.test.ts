import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { launchBrowser, skipWithoutBrowser } from '#chaos/dashboard/testing/browser.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { writeOpenPage } from '#chaos/home/open-page.ts'

import { createFakeController } from '../testing/fake-controller.ts'
import { createApp } from './app.ts'
import { localHosts } from './guard-requests.ts'
import { createSessions } from './sessions.ts'

const dashboardFolder = join(projectRoot, 'chaos', 'dashboard', 'dist')

/** What an attacker's page would do: call the API, change something, read the cookie and the page key. */
const attack = `<!doctype html><title>waiting</title><script>
const tries = [
  fetch('URL/api/sandbox', { credentials: 'include' }).then((r) => 'read ' + r.status),
  fetch('URL/api/halt', { method: 'POST', credentials: 'include' }).then((r) => 'changed ' + r.status),
  (async () => 'cookie ' + document.cookie)(),
  (async () => 'key ' + localStorage.getItem('unhappy-page-key'))(),
]
Promise.allSettled(tries).then((all) => {
  document.title = all.map(({ status }) => status).join(' ')
})
</script>`

// The real guard and the built page, with a controller of plain objects: no sandbox is started.
describe.skipIf(skipWithoutBrowser)(
  'sessions in a browser (skipped where there is no Chromium)',
  () => {
    let browser: Browser
    let folder = ''
    beforeAll(async () => {
      browser = await launchBrowser()
      folder = await mkdtemp(join(tmpdir(), 'unhappy-session-'))
    })
    afterAll(async () => {
      await browser?.close()
      await rm(folder, { recursive: true, force: true })
    })

    async function serve() {
      const controller = createFakeController()
      const sessions = createSessions({ now: () => 0 })
      const app = await createApp({
        controller,
        token: 't',
        sessions,
        hosts: localHosts,
        version: '1',
        dashboardFolder,
      })
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      const secretUrl = () => `${url}/?secret=${sessions.issueSecret()}`
      return { controller, url, secretUrl, [Symbol.asyncDispose]: async () => app.close() }
    }

    const halt = (page: Page) => page.getByRole('button', { name: 'Halt', exact: true })

    test('a secret opens the dashboard: it reads, receives events and changes; a reload keeps the session', async () => {
      await using server = await serve()
      const page = await browser.newPage()
      const refused: string[] = []
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) refused.push(message.text())
      })
      await page.goto(server.secretUrl())
      expect(page.url()).toBe(`${server.url}/`)
      await page.getByText('1 fault active').waitFor()
      await halt(page).click()
      await expect.poll(() => server.controller.calls).toContain('halt')
      await page.reload()
      await page.getByText('1 fault active').waitFor()
      expect(refused).toEqual([])
      await page.close()
    })

    test('the page that unhappy open writes opens the dashboard, although it is of another site', async () => {
      await using server = await serve()
      const page = await browser.newPage()
      const file = await writeOpenPage(folder, 0, server.secretUrl())
      await page.goto(pathToFileURL(file).href)
      await page.getByText('1 fault active').waitFor()
      await halt(page).click()
      await expect.poll(() => server.controller.calls).toContain('halt')
      await page.close()
    })

    test('without a session there is the command; an ended session says how to get back', async () => {
      await using server = await serve()
      const page = await browser.newPage()
      await page.goto(server.url)
      await page.getByText('npx unhappy open').waitFor()
      expect(await page.getByText('api-1').count()).toBe(0)
      await page.goto(server.secretUrl())
      await page.getByText('1 fault active').waitFor()
      await page.context().clearCookies()
      await page.locator('.banner').getByText('npx unhappy open').waitFor()
      await page.goto(server.secretUrl())
      await page.getByText('1 fault active').waitFor()
      await page.close()
    })

    test('two sandboxes on one host keep their sessions', async () => {
      await using one = await serve()
      await using other = await serve()
      const context = await browser.newContext()
      const [page, second] = [await context.newPage(), await context.newPage()]
      await page.goto(one.secretUrl())
      await second.goto(other.secretUrl())
      await page.reload()
      for (const each of [page, second]) {
        await each.getByText('1 fault active').waitFor()
        await halt(each).click()
      }
      await expect
        .poll(() => [...one.controller.calls, ...other.controller.calls])
        .toEqual(['halt', 'halt'])
      await context.close()
    })

    test('a file of a run runs its script and reaches neither the API, the cookie nor the page key', async () => {
      await using server = await serve()
      const file = join(folder, 'report.html')
      await writeFile(file, attack.replaceAll('URL', server.url))
      Object.assign(server.controller.runs, { file: async () => file })
      const page = await browser.newPage()
      await page.goto(server.secretUrl())
      await page.getByText('1 fault active').waitFor()
      await page.evaluate("location.href = '/api/runs/x/files/report.html'")
      await expect.poll(async () => page.title()).toBe('rejected rejected rejected rejected')
      expect(server.controller.calls).toEqual([])
      await page.close()
    })
  },
)
