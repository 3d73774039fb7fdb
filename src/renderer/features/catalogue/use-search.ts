// Live search: every keystroke asks, no waiting; an answer that a later one has overtaken is
// dropped. The figures are asked for again when prices or stock change.
import { useEffect, useRef, useState } from 'react'
import { useApp, useStation } from '#renderer/app-services.ts'
import type { ProductView } from '#contract/views.ts'

export type SearchState = {
  /** The text these products answer; null before the first answer. */
  text: string | null
  products: ProductView[]
  more: boolean
}

export const useSearch = (text: string): SearchState => {
  const { client } = useApp()
  const epoch = useStation((state) => state.catalogueEpoch)
  const [found, setFound] = useState<SearchState>({ text: null, products: [], more: false })
  const asked = useRef(0)
  const wanted = text.trim()
  useEffect(() => {
    asked.current += 1
    const mine = asked.current
    if (wanted === '') {
      setFound({ text: null, products: [], more: false })
      return
    }
    client.query('catalogue.search', { text: wanted, limit: 50 }).then((answer) => {
      if (mine !== asked.current) return
      setFound(answer.ok
        ? { text: wanted, ...answer.value } : { text: wanted, products: [], more: false })
    }).catch(() => undefined)
  }, [client, wanted, epoch])
  return found
}
