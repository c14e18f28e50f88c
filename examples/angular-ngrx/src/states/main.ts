import { bootstrapApplication } from '@angular/platform-browser'
import { States } from './states.ts'

bootstrapApplication(States).catch((error: unknown) => {
  console.error(error)
})
