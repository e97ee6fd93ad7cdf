import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'

import { plainPagePolicy, setPolicy } from '#chaos/api/http/security-headers.ts'
import { nameLengthMax } from '#chaos/contracts/max.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { exportRows } from '../exports/export-rows.ts'
import { toCsv } from '../exports/to-csv.ts'
import { groupDocument, learnerDocument, toHtml, toMarkdown } from '../exports/to-document.ts'
import type { Routes } from './route.ts'

const Name = Type.String({ minLength: 1, maxLength: nameLengthMax })

export const exportRoutes: Routes = async (app, { workshop, labs }) => {
  const makers: Readonly<Record<string, () => string>> = {
    'workshop.json': () => {
      const { title, startedAt } = workshop.settings
      const learners = workshop.records()
      const rows = exportRows(learners, labs)
      return `${JSON.stringify({ v: 1, kind: 'workshop', title, startedAt, rows, learners }, null, 2)}\n`
    },
    'workshop.csv': () => toCsv(exportRows(workshop.records(), labs)),
    'workshop.md': () => toMarkdown(group()),
    'workshop.html': () => toHtml(group()),
  }
  const group = () => {
    const { title, startedAt } = workshop.settings
    return groupDocument(title, startedAt, exportRows(workshop.records(), labs))
  }
  app.get(
    '/api/workshop/exports/:file',
    { schema: { params: Type.Object({ file: Name }) } },
    (request, reply) => {
      const { file } = request.params
      const make = Object.hasOwn(makers, file) ? makers[file] : undefined
      if (make === undefined) throw unknownName('export', file, Object.keys(makers))
      return sendFile(reply, file, make())
    },
  )
  for (const [ending, write] of [
    ['md', toMarkdown],
    ['html', toHtml],
  ] as const)
    app.get(
      `/api/workshop/learners/:id/export.${ending}`,
      { schema: { params: Type.Object({ id: Name }) } },
      (request, reply) => {
        const record = workshop.record(request.params.id)
        const text = write(learnerDocument(record.name, exportRows([record], labs)))
        return sendFile(reply, `${record.learner}.${ending}`, text)
      },
    )
}

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  md: 'text/markdown',
  html: 'text/html',
}

/** For download: it contains texts of learners, so no browser opens it on the host's address. */
function sendFile(reply: FastifyReply, name: string, text: string): FastifyReply {
  return setPolicy(reply, plainPagePolicy)
    .type(`${types[name.split('.').at(-1) ?? ''] ?? 'text/plain'}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(text)
}
