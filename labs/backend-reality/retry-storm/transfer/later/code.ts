import type { Pool } from 'pg'

async function retried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    try {
      return await work()
    } catch {
      return await work()
    }
  }
}

async function getJson(url: string): Promise<{ shelf: string }> {
  return await retried(async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
    if (!response.ok) throw new Error(`${url} responded ${response.status}.`)
    return (await response.json()) as { shelf: string }
  })
}

async function branchCopy(branch: string, isbn: string): Promise<string> {
  const copy = await retried(async () => getJson(`https://${branch}.example/copies/${isbn}`))
  return `${branch}, shelf ${copy.shelf}`
}

export async function findCopy(db: Pool, branch: string, isbn: string): Promise<string> {
  const place = await retried(async () => branchCopy(branch, isbn))
  await db.query('INSERT INTO lookups (branch, isbn) VALUES ($1, $2)', [branch, isbn])
  return place
}
