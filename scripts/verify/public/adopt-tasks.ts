import { contentHash } from '../content-hash.ts'
import type { Task } from '../task.ts'
import { checkAdoption } from './check-adoption.ts'
import { checkXrays } from './check-xrays.ts'
import { openProject } from './open-project.ts'
import type { PublicProject } from './public-projects.ts'

const prefix = 'adopt/public'

/** Adopts local copies of public projects, and X-rays one flow of each. Without copies: one task that says what it needs. */
export function adoptTasks(projects: readonly PublicProject[]): readonly Task[] {
  if (projects.length > 0) return projects.flatMap(tasksOf)
  return [
    {
      name: prefix,
      expected: 'public projects can be adopted and X-rayed',
      needs: '--projects FOLDER=FLOW,...',
      times: 1,
      hash: async () => await Promise.resolve(''),
      run: async () => await Promise.resolve({ ok: false, detail: 'no project' }),
    },
  ]
}

function tasksOf(project: PublicProject): readonly Task[] {
  return [
    {
      name: `${prefix}/${project.name}/links`,
      expected:
        'links within 15 s for every edge; all new connections pass them; nothing restarts; nothing is left',
      times: 1,
      hash: async () => await contentHash('chaos/adopt', 'chaos/proxy', 'scripts/verify/public'),
      run: async () => {
        await using opened = await openProject(project)
        return await checkAdoption(opened)
      },
    },
    {
      name: `${prefix}/${project.name}/xray`,
      expected: 'two X-rays of the flow differ in at most 5 % of the cells',
      times: 1,
      hash: async () =>
        await contentHash(
          'chaos/adopt',
          'chaos/derived',
          'chaos/proxy',
          'chaos/xray',
          'scripts/verify/public',
        ),
      run: async () => {
        await using opened = await openProject(project)
        return await checkXrays(opened, project.flow)
      },
    },
  ]
}
