import { InstructorPage } from './instructor-page.tsx'
import { mountPage } from './mount-page.tsx'

mountPage(InstructorPage)
