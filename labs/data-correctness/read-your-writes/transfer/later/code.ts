import type { Pool } from 'pg'

interface Jobs {
  add(document: string): Promise<void>
}

interface Translator {
  translate(text: string): Promise<string>
}

export async function upload(primary: Pool, jobs: Jobs, id: string, text: string): Promise<void> {
  const insert = 'INSERT INTO documents (id, text) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING'
  await primary.query(insert, [id, text])
  await jobs.add(id)
}

export async function translateDocument(
  primary: Pool,
  replica: Pool,
  translator: Translator,
  id: string,
): Promise<void> {
  const { rows } = await replica.query('SELECT text FROM documents WHERE id = $1', [id])
  if (rows.length === 0) return
  const translated = await translator.translate(rows[0].text)
  await primary.query('UPDATE documents SET translated = $2 WHERE id = $1', [id, translated])
}
