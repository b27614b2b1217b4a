import { describe, expect, it } from 'vitest';
import { chart } from '../../../benchmarks/chart.ts';
import { chartPath, figure, report } from '../../../benchmarks/report.ts';
import { type MeasureResult, mergeResults, type QuestionResult, type Results } from '../../../benchmarks/results.ts';
import { timelineChart } from '../../../benchmarks/timeline-chart.ts';

const MACHINE = { processor: 'Test CPU', cores: 2, memoryGiB: 8, system: 'Linux x64', node: 'v20.19.0' };

function question(name: string, samples: number[] = [2, 4, 3]): QuestionResult {
  const series = [
    { case: 'large', contender: 'ours', samples },
    { case: 'large', contender: 'theirs', samples: [1, 1, 1] },
  ];
  return {
    name,
    title: `Title of ${name}`,
    method: 'How.',
    reference: 'theirs',
    circumstances: { date: '2026-01-02T03:04:05.678Z', commit: 'abc1234-dirty', load: 0.5 },
    measures: [{ name: 'Processor time', unit: 's/GB', better: 'lower', series }],
  };
}

function results(...questions: QuestionResult[]): Results {
  return { machine: MACHINE, engine: '28.0.0', questions };
}

describe('report', () => {
  const text = report(results(question('one')));

  it('says on what, on which commit and when it was measured', () => {
    expect(text).toContain('Test CPU, 2 cores, 8 GiB, Linux x64, Node v20.19.0, Docker 28.0.0.');
    expect(text).toContain('Measured 2026-01-02T03:04Z at abc1234-dirty; load of the machine before: 0.5.');
  });

  it('gives each row its median, spread, number of trials and ratio', () => {
    expect(text).toContain('| large | ours | 3.00 | 2.00 – 4.00 | 3 | 3.00 |');
    expect(text).toContain('| large | theirs | 1.00 | 1.00 – 1.00 | 3 | 1.00 |');
  });

  it('says which direction is the better one and shows the chart', () => {
    expect(text).toContain('### Processor time, s/GB (lower is better)');
    expect(text).toContain('](charts/one-processor-time.svg)');
  });
});

describe('the table of targets', () => {
  const startTook = (milliseconds: number): Results => {
    const series = [
      { case: 'start', contender: 'mcp-docker-exec', samples: [milliseconds] },
      { case: 'start', contender: 'node -e 0', samples: [50] },
    ];
    const measure: MeasureResult = { name: 'Time to the first answer', unit: 'ms', better: 'lower', series };
    return results({ ...question('start'), reference: 'node -e 0', measures: [measure] });
  };

  it('comes first and says what was reached', () => {
    const text = report(startTook(200));
    expect(text.indexOf('## Targets')).toBeLessThan(text.indexOf('Test CPU'));
    expect(text).toContain('| Start to the first answer | ≤ 5 × | 4.00 × | met |');
    expect(text).toContain('| Peak memory: 2 GB streamed | ≤ 130 MB | – | not measured |');
  });

  it('says what was missed', () => {
    expect(report(startTook(251))).toContain('| Start to the first answer | ≤ 5 × | 5.02 × | **missed** |');
  });
});

describe('report of what stands alone', () => {
  it('has no ratios where nothing is compared', () => {
    const { reference: _reference, ...alone } = question('one');
    expect(report(results(alone))).toContain('| large | ours | 3.00 | 2.00 – 4.00 | 3 |  |');
  });

  it('keeps a name with a pipe in its cell', () => {
    const piped = { ...question('one'), reference: 'docker exec | cat' };
    expect(report(results(piped))).toContain('× docker exec \\| cat |');
  });

  it('says where there is nothing to tell', () => {
    expect(report(results({ ...question('one'), measures: [] }))).toContain('Not measured');
  });
});

describe('timelineChart', () => {
  it('draws each line within the picture, the longest and the highest to its edges', () => {
    const svg = timelineChart('Memory', [
      {
        name: 'short',
        points: [
          [0, 0],
          [5, 50],
        ],
      },
      {
        name: 'long',
        points: [
          [0, 100],
          [10, 0],
        ],
      },
    ]);
    expect([...svg.matchAll(/points="([^"]+)"/g)].map(([, points]) => points)).toEqual([
      '60.0,270.0 380.0,150.0',
      '60.0,30.0 700.0,270.0',
    ]);
  });
});

describe('figure', () => {
  it('has three significant digits and no powers of ten', () => {
    expect([0.000772, 0.0338, 1.7, 42.345, 283.4, 12345.6, 0].map(figure)).toEqual([
      '0.000772',
      '0.0338',
      '1.70',
      '42.3',
      '283',
      '12346',
      '0',
    ]);
  });
});

describe('chart', () => {
  const [measure] = question('one').measures;

  it('draws a bar for every row, the longest value within the picture', () => {
    const svg = measure === undefined ? '' : chart(measure);
    const widths = [...svg.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([360, 120]);
  });

  it('leaves out what would dwarf the others', () => {
    const svg = measure === undefined ? '' : chart(measure, 'ours');
    expect(svg).not.toContain('ours');
    expect(svg).toContain('width="480.0"');
  });

  it('has a file name of its own', () => {
    const names = ['one', 'two'].flatMap((name) =>
      question(name).measures.map((one) => chartPath(question(name), one)),
    );
    expect(names).toEqual(['charts/one-processor-time.svg', 'charts/two-processor-time.svg']);
  });
});

describe('mergeResults', () => {
  const names = (merged: Results): string[] => merged.questions.map(({ name }) => name);

  it('keeps what was not asked anew, in the order of the suite', () => {
    const merged = mergeResults(results(question('one'), question('two')), results(question('two', [7, 7, 7])), [
      'one',
      'two',
    ]);
    expect(names(merged)).toEqual(['one', 'two']);
    expect(merged.questions[1]?.measures[0]?.series[0]?.samples).toEqual([7, 7, 7]);
  });

  it('drops figures of another machine', () => {
    const old = { ...results(question('one')), machine: { ...MACHINE, cores: 64 } };
    expect(names(mergeResults(old, results(question('two')), ['one', 'two']))).toEqual(['two']);
  });

  it('drops questions the suite no longer has', () => {
    expect(names(mergeResults(results(question('gone')), results(question('one')), ['one']))).toEqual(['one']);
  });
});
