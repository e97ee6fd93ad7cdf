import { labs } from '#labs/index.ts'

import { chartTask } from '../chart/chart-task.ts'
import { adoptTasks } from '../public/adopt-tasks.ts'
import type { PublicProject } from '../public/public-projects.ts'
import { stackFileTask } from '../swarm/stack-file-task.ts'
import { threeNodesTask } from '../swarm/three-nodes-task.ts'
import type { Task } from '../task.ts'
import { walkTasks } from '../walks/walk-tasks.ts'
import { cheatTasks } from './cheat-tasks.ts'
import { derivedTasks } from './derived-tasks.ts'
import { diagramTasks } from './diagram-tasks.ts'
import { dockerTasks } from './docker/docker-tasks.ts'
import { exampleTasks } from './docker/example-tasks.ts'
import { seatsTask } from './docker/seats-task.ts'
import { fixTasks } from './fix-tasks.ts'
import { fullShopTasks } from './full-shop-tasks.ts'
import { fuzzTask } from './fuzz-task.ts'
import { gamedayTasks } from './gameday-tasks.ts'
import { gradeTask } from './grade-task.ts'
import { incidentTasks } from './incident-tasks.ts'
import { labTasks } from './lab-tasks.ts'
import { linkTasks } from './link-tasks.ts'
import { longTestTask } from './long-test-task.ts'
import { pageTask } from './page-task.ts'
import { sigkillTask } from './sigkill-task.ts'
import { soakFaultsTask } from './soak-faults-task.ts'
import { soakTask } from './soak-task.ts'
import { variantTasks } from './variant-tasks.ts'
import { xrayTasks } from './xray-tasks.ts'

const ownTasks: readonly Task[] = [
  ...labTasks(),
  ...variantTasks(labs),
  ...diagramTasks,
  ...fullShopTasks,
  ...incidentTasks,
  ...gamedayTasks,
  ...cheatTasks,
  ...fixTasks,
  ...xrayTasks,
  ...derivedTasks,
  chartTask,
  stackFileTask,
  threeNodesTask,
  longTestTask,
  sigkillTask,
  fuzzTask,
  gradeTask,
  ...linkTasks,
  pageTask,
  ...walkTasks,
  soakTask,
  soakFaultsTask,
  ...dockerTasks(),
  ...exampleTasks,
  seatsTask,
]

/** Every long check, in the order in which they run. `projects`: local copies of public projects. */
export function allTasks(projects: readonly PublicProject[]): readonly Task[] {
  return [...ownTasks, ...adoptTasks(projects)]
}
