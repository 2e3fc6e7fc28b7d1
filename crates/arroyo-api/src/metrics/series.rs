//! Totals in, smoothed rates out.

use std::collections::{BTreeMap, VecDeque};

use arroyo_rpc::proto::TaskMetrics;

use crate::models::{Metric, MetricGroup, MetricName, OperatorMetricGroup, SubtaskMetrics, micros};

/// Values that are kept.
const WINDOW_MICROS: i64 = 5 * 60 * 1_000_000;

/// The weight of the newest rate in the moving average.
const SMOOTHING: f64 = 0.1;

const RATES: [MetricName; 4] =
    [MetricName::BytesRecv, MetricName::BytesSent, MetricName::MessagesRecv, MetricName::MessagesSent];

const GAUGES: [MetricName; 2] = [MetricName::Backpressure, MetricName::StateBytes];

/// The rates of one job.
#[derive(Debug, Default)]
pub(crate) struct JobSeries {
    tasks: BTreeMap<(u32, u32), TaskSeries>,
}

#[derive(Debug)]
struct TaskSeries {
    time: i64,
    totals: [u64; 4],
    averages: Option<[f64; 4]>,
    samples: VecDeque<Sample>,
}

#[derive(Debug)]
struct Sample {
    time: i64,
    rates: [f64; 4],
    gauges: [f64; 2],
}

impl JobSeries {
    /// Adds the totals at `time` (microseconds). Tasks that are gone are forgotten once their samples are old.
    pub(crate) fn add(&mut self, time: i64, tasks: &[TaskMetrics]) {
        for metrics in tasks {
            let Some(task) = metrics.task else { continue };
            let totals = [metrics.bytes_received, metrics.bytes_sent, metrics.rows_received, metrics.rows_sent];
            let series = self.tasks.entry((task.node, task.subtask)).or_insert_with(|| TaskSeries {
                time,
                totals,
                averages: None,
                samples: VecDeque::new(),
            });
            series.add(time, totals, [backpressure(metrics), metrics.state_bytes as f64]);
        }
        for series in self.tasks.values_mut() {
            while series.samples.front().is_some_and(|sample| sample.time < time - WINDOW_MICROS) {
                series.samples.pop_front();
            }
        }
        self.tasks.retain(|_, series| series.time >= time - WINDOW_MICROS);
    }

    /// The samples by node, metric and subtask.
    pub(crate) fn groups(&self) -> Vec<OperatorMetricGroup> {
        let mut by_node: BTreeMap<u32, Vec<(u32, &TaskSeries)>> = BTreeMap::new();
        for ((node, subtask), series) in &self.tasks {
            by_node.entry(*node).or_default().push((*subtask, series));
        }
        by_node
            .into_iter()
            .map(|(node_id, tasks)| OperatorMetricGroup { node_id, metric_groups: groups(&tasks) })
            .collect()
    }
}

fn groups(tasks: &[(u32, &TaskSeries)]) -> Vec<MetricGroup> {
    let group = |name, value: &dyn Fn(&Sample) -> f64| MetricGroup {
        name,
        subtasks: tasks
            .iter()
            .map(|(index, series)| SubtaskMetrics {
                index: *index,
                metrics: series
                    .samples
                    .iter()
                    .map(|sample| Metric { time: micros(sample.time), value: value(sample) })
                    .collect(),
            })
            .collect(),
    };
    let value_of = |values: &[f64], index: usize| values.get(index).copied().unwrap_or_default();
    let rates = RATES.iter().enumerate().map(|(index, name)| group(*name, &|sample| value_of(&sample.rates, index)));
    let gauges = GAUGES.iter().enumerate().map(|(index, name)| group(*name, &|sample| value_of(&sample.gauges, index)));
    rates.chain(gauges).collect()
}

/// How full a task's outgoing queues are, from 0 to 1.
pub(super) fn backpressure(metrics: &TaskMetrics) -> f64 {
    if metrics.queue_size == 0 {
        return 0.0;
    }
    (1.0 - (metrics.queue_free as f64 + 1.0) / (metrics.queue_size as f64 + 1.0)).clamp(0.0, 1.0)
}

impl TaskSeries {
    fn add(&mut self, time: i64, totals: [u64; 4], gauges: [f64; 2]) {
        let seconds = (time - self.time) as f64 / 1e6;
        let restarted = totals.iter().zip(self.totals).any(|(now, before)| *now < before);
        let before = std::mem::replace(&mut self.totals, totals);
        self.time = time;
        if restarted {
            self.averages = None;
        }
        if seconds <= 0.0 || restarted {
            return;
        }
        let mut rates = [0.0; 4];
        for ((rate, now), before) in rates.iter_mut().zip(totals).zip(before) {
            *rate = now.saturating_sub(before) as f64 / seconds;
        }
        let averages = match self.averages {
            None => rates,
            Some(mut averages) => {
                for (average, rate) in averages.iter_mut().zip(rates) {
                    *average += SMOOTHING * (rate - *average);
                }
                averages
            }
        };
        self.averages = Some(averages);
        self.samples.push_back(Sample { time, rates: averages, gauges });
    }
}

#[cfg(test)]
mod tests {
    use arroyo_rpc::proto::Task;

    use super::*;

    const SECOND: i64 = 1_000_000;

    fn totals(rows_sent: u64, queue_free: u64) -> TaskMetrics {
        TaskMetrics {
            task: Some(Task { node: 3, subtask: 1 }),
            rows_sent,
            queue_size: 99,
            queue_free,
            state_bytes: 7 * rows_sent,
            ..TaskMetrics::default()
        }
    }

    fn values(series: &JobSeries, name: MetricName) -> Vec<f64> {
        let groups = series.groups();
        let group = groups.iter().flat_map(|group| &group.metric_groups).find(|group| group.name == name);
        group.map(|group| group.subtasks[0].metrics.iter().map(|metric| metric.value).collect()).unwrap_or_default()
    }

    #[test]
    fn rates_are_smoothed_differences_of_totals() {
        let mut series = JobSeries::default();
        series.add(0, &[totals(0, 99)]);
        assert_eq!(values(&series, MetricName::MessagesSent), [0.0; 0]);
        series.add(2 * SECOND, &[totals(200, 99)]);
        series.add(4 * SECOND, &[totals(200, 49)]);
        assert_eq!(values(&series, MetricName::MessagesSent), [100.0, 90.0]);
        assert_eq!(values(&series, MetricName::Backpressure), [0.0, 0.5]);
        assert_eq!(values(&series, MetricName::StateBytes), [1400.0, 1400.0]);
        assert_eq!(values(&series, MetricName::BytesRecv), [0.0, 0.0]);
    }

    #[test]
    fn a_restarted_task_begins_anew() {
        let mut series = JobSeries::default();
        series.add(0, &[totals(1000, 99)]);
        series.add(SECOND, &[totals(10, 99)]);
        series.add(2 * SECOND, &[totals(20, 99)]);
        assert_eq!(values(&series, MetricName::MessagesSent), [10.0]);
    }

    #[test]
    fn old_samples_and_lost_tasks_are_dropped() {
        let mut series = JobSeries::default();
        for second in 0..600 {
            series.add(second * SECOND, &[totals(0, 99)]);
        }
        assert_eq!(values(&series, MetricName::MessagesSent).len(), 301);
        series.add(1_000 * SECOND, &[]);
        assert!(series.groups().is_empty());
    }
}
