import { RandomStream } from '../../sample/random';

const draw = (stream: RandomStream, count: number): number[] =>
  Array.from({ length: count }, () => stream.next());

describe('RandomStream', () => {
  it('returns the same numbers for the same seed and path, and others for another', () => {
    const numbers = draw(new RandomStream(1, 'racks', 'us-east-1'), 5);

    expect(draw(new RandomStream(1, 'racks', 'us-east-1'), 5)).toEqual(numbers);
    expect(draw(new RandomStream(2, 'racks', 'us-east-1'), 5)).not.toEqual(numbers);
    expect(draw(new RandomStream(1, 'racks', 'us-east-2'), 5)).not.toEqual(numbers);
  });

  it('spreads evenly between 0 and 1', () => {
    const numbers = draw(new RandomStream(7, 'spread'), 100_000);

    expect(Math.min(...numbers.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers.slice(0, 50_000))).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = numbers.filter((x) => Math.floor(x * 10) === tenth).length / numbers.length;
      expect(share).toBeCloseTo(0.1, 2);
    }
  });

  it('draws whole numbers, both bounds included', () => {
    const stream = new RandomStream(1, 'whole');
    const numbers = Array.from({ length: 200 }, () => stream.integer(2, 4));

    expect(new Set(numbers)).toEqual(new Set([2, 3, 4]));
  });

  it('draws without replacement and never what has no weight', () => {
    const stream = new RandomStream(1, 'draw');

    const drawn = stream.draw(['a', 'b', 'c', 'd'], (item) => (item === 'd' ? 0 : 1), 10);

    expect([...drawn].sort()).toEqual(['a', 'b', 'c']);
  });

  it('draws in proportion to the weights', () => {
    const stream = new RandomStream(1, 'weights');
    const firsts = Array.from(
      { length: 10_000 },
      () => stream.draw(['a', 'b'], (x) => (x === 'a' ? 3 : 1), 1)[0],
    );

    expect(firsts.filter((x) => x === 'a').length / firsts.length).toBeCloseTo(0.75, 1);
  });
});
