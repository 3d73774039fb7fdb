// The receipt on screen: the same blocks the printer gets, on paper of the printer's columns.
import qrcode from 'qrcode-generator'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReceiptBlock, ReceiptDocument } from '#domain/receipt-document.ts'
import classes from './receipt-paper.module.css'

const QrPicture = ({ data, caption }: { data: string; caption: string }) => {
  const { t } = useTranslation()
  const modules = useMemo(() => {
    const code = qrcode(0, 'M')
    code.addData(data)
    code.make()
    const size = code.getModuleCount()
    let path = ''
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < size; column += 1) {
        if (code.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`
      }
    }
    return { size, path }
  }, [data])
  const box = modules.size + 8
  return (
    <figure className={classes.qr}>
      <svg
        viewBox={`-4 -4 ${box} ${box}`} role="img" aria-label={t('sale.qr', { caption })}
        shapeRendering="crispEdges"
      >
        <path d={modules.path} fill="currentColor" />
      </svg>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

const Block = ({ block }: { block: ReceiptBlock }) => {
  switch (block.kind) {
    case 'text':
      return (
        <p
          className={classes.text} data-align={block.align} data-size={block.size}
          data-bold={block.bold}
        >
          {block.text}
        </p>
      )
    case 'pair':
      return (
        <p className={classes.pair} data-size={block.size} data-bold={block.bold}>
          <span>{block.label}</span>
          <span>{block.value}</span>
        </p>
      )
    case 'columns':
      return <Columns cells={block.cells} bold={block.bold} />
    case 'rule':
      return <hr className={classes.rule} data-style={block.style} />
    case 'qr':
      return <QrPicture data={block.data} caption={block.caption} />
    case 'barcode':
      return <p className={classes.text} data-align="center">{block.data}</p>
    case 'feed':
      return <span className={classes.feed} data-lines={Math.min(3, block.lines)} />
  }
}

const Columns = ({ cells, bold }: Omit<Extract<ReceiptBlock, { kind: 'columns' }>, 'kind'>) => {
  const columns = cells.map((cell) => `minmax(0, ${cell.share}fr)`).join(' ')
  return (
    <p className={classes.columns} data-bold={bold} style={{ gridTemplateColumns: columns }}>
      {cells.map((cell, index) => (
        <span key={index} data-align={cell.align}>{cell.text}</span>
      ))}
    </p>
  )
}

export const ReceiptPaper = ({ receipt }: { receipt: ReceiptDocument }) => {
  const { t } = useTranslation()
  return (
    <article
      className={classes.paper} lang={receipt.language} aria-label={t('sale.receiptPaper')}
      data-testid="receipt-paper"
    >
      {receipt.blocks.map((block, index) => <Block key={index} block={block} />)}
    </article>
  )
}
