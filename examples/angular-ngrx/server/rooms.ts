import { type Room } from '../shared/contract.ts'

export const rooms: readonly Room[] = [
  { id: 'campfire', name: 'Campfire', about: 'Anything goes, come as you are' },
  { id: 'workshop', name: 'Workshop', about: 'Streams, channels and half-finished ideas' },
  { id: 'kitchen', name: 'Kitchen', about: 'Recipes, coffee and other fuel' },
]
