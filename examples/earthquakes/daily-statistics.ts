import { connect, filter, groupBy, map, mergeMap, type OperatorFunction, reduce, toArray } from 'rxjs'
import { type Earthquake } from './contract.ts'

export interface Statistics {
  readonly count: number
  readonly meanMag: number
  readonly maxMag: number
}

export interface RegionStatistics extends Statistics {
  readonly region: string
}

export interface DayStatistics {
  /** In UTC, such as `2018-02-01`. */
  readonly day: string
  /** By count, the largest first. */
  readonly regions: readonly RegionStatistics[]
}

/**
 * Counts and averages per day and region. The window is the time of the event and not of the clock on the wall: a day
 * is over when the first event of another day comes, so it gives the same numbers at any speed, and after an outage.
 */
export const dailyStatistics = (): OperatorFunction<Earthquake, DayStatistics> => (quakes$) =>
  quakes$.pipe(
    // connect: the groups and the end of each group come from one subscription.
    connect((shared$) =>
      shared$.pipe(
        groupBy(dayOf, { duration: (day$) => shared$.pipe(filter((quake) => dayOf(quake) !== day$.key)) }),
        mergeMap((day$) =>
          day$.pipe(
            groupBy(regionOf),
            mergeMap((region$) =>
              region$.pipe(
                reduce(add, NONE),
                map((statistics): RegionStatistics => ({ region: region$.key, ...statistics })),
              ),
            ),
            toArray(),
            map((regions): DayStatistics => ({ day: day$.key, regions: regions.sort(byCount) })),
          ),
        ),
      ),
    ),
  )

const NONE: Statistics = { count: 0, meanMag: 0, maxMag: -Infinity }

const add = ({ count, meanMag, maxMag }: Statistics, { mag }: Earthquake): Statistics => ({
  count: count + 1,
  meanMag: meanMag + (mag - meanMag) / (count + 1),
  maxMag: Math.max(maxMag, mag),
})

/** The regions of a day as one. */
export const total = ({ regions }: DayStatistics): Statistics => {
  const count = regions.reduce((sum, region) => sum + region.count, 0)
  return {
    count,
    meanMag: regions.reduce((sum, region) => sum + region.meanMag * region.count, 0) / count,
    maxMag: Math.max(...regions.map(({ maxMag }) => maxMag)),
  }
}

const byCount = (a: RegionStatistics, b: RegionStatistics): number =>
  b.count - a.count || a.region.localeCompare(b.region)

const dayOf = ({ time }: Earthquake): string => new Date(time).toISOString().slice(0, 10)

/** Some places of the feed end in a code. */
const fullNames: ReadonlyMap<string, string> = new Map([
  ['CA', 'California'],
  ['MX', 'Mexico'],
  ['NV', 'Nevada'],
])

/** The last part of the place: `37km NNE of Amboy, Washington` is in Washington. */
export const regionOf = ({ place }: Earthquake): string => {
  const region = place.slice(place.lastIndexOf(',') + 1).trim()
  return fullNames.get(region) ?? region
}
