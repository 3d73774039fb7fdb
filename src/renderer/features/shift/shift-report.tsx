// An X or Z report as a table: figures, taxes, tenders, drawer; over or short in words and colour.
import { useWords } from '#renderer/i18n/use-words.ts'
import type { ShiftReport } from '#contract/views.ts'
import classes from './shift-report.module.css'

export const ShiftReportView = ({ report }: { report: ShiftReport }) => {
  const { t, formats } = useWords()
  const row = (label: string, value: string, strong = false) => (
    <div className={classes.row} data-strong={strong}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
  const difference = report.overShortMinor
  const differenceWord = difference === null ? ''
    : difference === 0 ? t('cash.rows.even')
      : difference > 0 ? t('cash.rows.over') : t('cash.rows.short')
  return (
    <article className={classes.report} data-testid={`report-${report.kind}`}>
      <h2>
        {report.kind === 'z' ? t('cash.z', { number: report.zNumber ?? '' }) : t('cash.x')}
      </h2>
      {report.countedCashMinor === null || difference === null ? null : (
        <div
          className={classes.difference} data-testid="over-short"
          data-tone={difference === 0 ? 'done' : 'look'}
        >
          <dl className={classes.rows}>
            {row(t('cash.rows.expected'), formats.money(report.expectedCashMinor))}
            {row(t('cash.rows.counted'), formats.money(report.countedCashMinor))}
          </dl>
          <p>
            <span>{differenceWord}</span>
            <b>{formats.money(Math.abs(difference))}</b>
          </p>
        </div>
      )}
      <div className={classes.columns}>
        <section>
          <h3>{t('cash.rows.figures')}</h3>
          <dl className={classes.rows}>
            {row(t('cash.rows.sales'), formats.count(report.saleCount))}
            {row(t('cash.rows.returns'), formats.count(report.returnCount))}
            {row(t('cash.rows.voids'), formats.count(report.voidCount))}
            {row(t('cash.rows.items'), formats.count(report.itemCount))}
            {row(t('cash.rows.gross'), formats.money(report.grossMinor))}
            {row(t('cash.rows.discount'), formats.money(report.discountMinor))}
            {row(t('cash.rows.net'), formats.money(report.netMinor))}
            {report.taxes.map((tax) => (
              <div key={tax.taxId} className={classes.row}>
                <dt>{formats.name(tax.name)}</dt>
                <dd>{formats.money(tax.amountMinor)}</dd>
              </div>
            ))}
            {row(t('cash.rows.total'), formats.money(report.totalMinor), true)}
          </dl>
        </section>
        <section>
          <h3>{t('cash.rows.tenders')}</h3>
          <dl className={classes.rows}>
            {report.tenders.map((tender) => (
              <div key={tender.kind} className={classes.row}>
                <dt>
                  {t(`cash.rows.${tender.kind}`)}
                  <small> {t('cash.rows.count', { count: tender.count })}</small>
                </dt>
                <dd>{formats.money(tender.amountMinor)}</dd>
              </div>
            ))}
          </dl>
          <h3>{t('cash.rows.drawer')}</h3>
          <dl className={classes.rows}>
            {row(t('cash.rows.float'), formats.money(report.floatMinor))}
            {report.countedCashMinor === null
              ? row(t('cash.rows.expected'), formats.money(report.expectedCashMinor), true) : null}
            {row(t('cash.rows.openings'), formats.count(report.drawerOpenings))}
          </dl>
          <dl className={classes.rows}>
            {row(t('cash.rows.from'), formats.dateTime(report.openedAtMs))}
            {report.closedAtMs === null ? null
              : row(t('cash.rows.to'), formats.dateTime(report.closedAtMs))}
            {report.firstReceipt === null ? null : row(t('cash.rows.first'), report.firstReceipt)}
            {report.lastReceipt === null ? null : row(t('cash.rows.last'), report.lastReceipt)}
            {row(t('cash.rows.head'), report.headHash.slice(0, 12))}
          </dl>
        </section>
      </div>
    </article>
  )
}
