import { dockerTasks } from './docker-tasks.ts'
import { labTasks } from './lab-tasks.ts'
import { sigkillTask } from './sigkill-task.ts'
import type { Task } from './task.ts'

/** Every long check, in the order in which they run. */
export const tasks: readonly Task[] = [...labTasks(), sigkillTask, ...dockerTasks()]
