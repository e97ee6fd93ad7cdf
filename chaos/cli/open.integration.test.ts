import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

import { expect, test } from 'vitest'

import { serveFakeController } from '#chaos/api/testing/serve-fake-controller.ts'

import { createTestCli } from './testing/test-cli.ts'

/** A program that stands for the browser: it writes its arguments to a file. */
async function fakeBrowser(folder: string) {
  await mkdir(folder)
  const written = join(folder, 'arguments')
  for (const name of ['open', 'xdg-open']) {
    const program = join(folder, name)
    await writeFile(
      program,
      `#!/bin/sh\nprintf '%s' "$*" > '${written}.tmp'\nmv '${written}.tmp' '${written}'\n`,
    )
    await chmod(program, 0o755)
  }
  const environment = { PATH: `${folder}${delimiter}${process.env['PATH']}` }
  const text = async () => readFile(written, 'utf8').catch(() => '')
  return { environment, arguments: text }
}

test('open prints a secret that works once, and the browser receives another one in a private file', async () => {
  await using cli = await createTestCli()
  await using served = await serveFakeController(cli.home, 'the-token')
  const browser = await fakeBrowser(join(cli.home, 'bin'))
  const first = await cli.run(['open'], browser)
  const printed = first.stdout.trim()
  expect(printed).toMatch(new RegExp(`^${served.file.url}/\\?secret=[\\w-]{32}$`))
  await expect.poll(browser.arguments).toBe(join(served.sandboxes, '0.html'))
  const page = await browser.arguments()
  expect((await stat(page)).mode & 0o777).toBe(0o600)
  const inPage = /url=([^"]+)"/.exec(await readFile(page, 'utf8'))?.[1] ?? ''
  expect(inPage).not.toBe(printed)
  for (const [url, status] of [
    [printed, 303],
    [inPage, 303],
    [printed, 401],
  ] as const)
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(status)
  const second = await cli.run(['open', '--json'], browser)
  expect(JSON.parse(second.stdout)).toEqual({ url: expect.not.stringContaining(printed) as string })
})

test('in a container open only prints the address', async () => {
  await using cli = await createTestCli()
  await using served = await serveFakeController(cli.home, 'the-token')
  const browser = await fakeBrowser(join(cli.home, 'bin'))
  const environment = { ...browser.environment, UNHAPPY_RUNTIME: 'docker' }
  const { stdout, stderr } = await cli.run(['open'], { environment })
  expect(stdout).toContain(`${served.file.url}/?secret=`)
  expect(stderr).toBe('')
  await expect(stat(join(served.sandboxes, '0.html'))).rejects.toThrow('ENOENT')
  expect(await browser.arguments()).toBe('')
})
