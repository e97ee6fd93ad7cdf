import { mountPage } from './mount-page.tsx'
import { ProjectorPage } from './projector-page.tsx'

mountPage(ProjectorPage)
