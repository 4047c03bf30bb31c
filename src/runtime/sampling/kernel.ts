/** Threads of a row's workgroup, and bins of its histogram: a byte's worth. */
const THREADS = 256;

/**
 * The compute kernel of `Draw`: one workgroup a row, which reads its row of the logits some ten times.
 *
 * Every cut and the draw itself are one question: at which token does a running sum (of ones, or of weights) reach a
 * target? It is answered a byte at a time, for a cut of the logit first, then of the token id: a histogram of the sum over
 * the byte's values, and a walk along it. Sums are whole numbers of 64 bits, so the order in which the threads
 * add does not matter, and nothing depends on other rows.
 *
 * Logits are read as bits, so that none is lost that a GPU's arithmetic would treat as it likes.
 *
 * @param vocabulary logits in a row
 */
export const samplingKernel = (vocabulary: number): string => /* wgsl */ `
const VOCABULARY = ${vocabulary}u;
const ID_BYTES = ${Math.max(1, Math.ceil(Math.log2(vocabulary) / 8))}u;
/** A rank's bytes: four of the logit, then those of the id. */
const ID_BYTE = 4u;
const THREADS = ${THREADS}u;
const FULL_WEIGHT = 0x80000000u;
const NO_NUMBER = 0xffffffffu;

struct Draw { scale: f32, top_k: u32, top_p: u32, uniform_bits: u32 }
struct Wide { low: u32, high: u32 }
/** Ranks ascend by order, the bits of the logit turned so that the highest is lowest, then by id. */
struct Rank { order: u32, id: u32 }
struct Step { byte: u32, left: Wide }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read> draws: array<Draw>;
@group(0) @binding(2) var<storage, read> losses: array<u32, 768>;
@group(0) @binding(3) var<storage, read_write> chosen: array<vec2u>;

var<workgroup> low: array<atomic<u32>, THREADS>;
var<workgroup> high: array<atomic<u32>, THREADS>;
var<workgroup> first: atomic<u32>;
var<workgroup> step: Step;

var<private> thread: u32;
var<private> row: u32;
var<private> scale: f32;
var<private> likeliest: u32;
var<private> highest: f32;

fn add(a: Wide, b: Wide) -> Wide {
  let sum = a.low + b.low;
  return Wide(sum, a.high + b.high + select(0u, 1u, sum < a.low));
}

fn subtract(a: Wide, b: Wide) -> Wide {
  return Wide(a.low - b.low, a.high - b.high - select(0u, 1u, a.low < b.low));
}

fn less(a: Wide, b: Wide) -> bool {
  return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/** The upper 32 bits of the product. */
fn product_high(a: u32, b: u32) -> u32 {
  let lower = (a & 0xffffu) * (b & 0xffffu);
  let left = (a >> 16u) * (b & 0xffffu) + (lower >> 16u);
  let right = (a & 0xffffu) * (b >> 16u) + (left & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u);
}

/** total · fraction / 2³². */
fn share(total: Wide, fraction: u32) -> Wide {
  return add(Wide(total.high * fraction, product_high(total.high, fraction)), Wide(product_high(total.low, fraction), 0u));
}

fn bits_at(id: u32) -> u32 {
  return logits[row * VOCABULARY + id];
}

fn order_of(bits: u32) -> u32 {
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return NO_NUMBER; }
  let float = select(bits, 0u, bits == 0x80000000u);
  return select(~float & 0x7fffffffu, float, (float >> 31u) == 1u);
}

fn float_of(order: u32) -> f32 {
  return bitcast<f32>(select(~order & 0x7fffffffu, order, (order >> 31u) == 1u));
}

fn weight_of(order: u32) -> u32 {
  if (order == NO_NUMBER) { return 0u; }
  if (order == likeliest) { return FULL_WEIGHT; }
  let halvings = (highest - float_of(order)) * scale;
  if (!(halvings < 536870912.0)) { return 0u; }
  let fraction = u32(halvings);
  var weight = FULL_WEIGHT;
  weight -= product_high(weight, losses[(fraction >> 16u) & 255u]);
  weight -= product_high(weight, losses[256u + ((fraction >> 8u) & 255u)]);
  weight -= product_high(weight, losses[512u + (fraction & 255u)]);
  return weight >> (fraction >> 24u);
}

fn ranks_until(order: u32, id: u32, last: Rank) -> bool {
  return order < last.order || (order == last.order && id <= last.id);
}

fn clear() {
  atomicStore(&low[thread], 0u);
  atomicStore(&high[thread], 0u);
  workgroupBarrier();
}

/** Whoever carries the lower half over adds the one to the upper half. */
fn tally(bin: u32, amount: u32) {
  let before = atomicAdd(&low[bin], amount);
  if (before + amount < before) { atomicAdd(&high[bin], 1u); }
}

/** The likeliest token's order. */
fn find_likeliest() {
  if (thread == 0u) { atomicStore(&first, NO_NUMBER); }
  workgroupBarrier();
  for (var id = thread; id < VOCABULARY; id += THREADS) { atomicMin(&first, order_of(bits_at(id))); }
  workgroupBarrier();
  likeliest = atomicLoad(&first);
  highest = float_of(likeliest);
}

/** The weight of all tokens up to the last one. */
fn weight_until(last: Rank) -> Wide {
  clear();
  var sum = Wide(0u, 0u);
  for (var id = thread; id < VOCABULARY; id += THREADS) {
    let order = order_of(bits_at(id));
    if (ranks_until(order, id, last)) { sum = add(sum, Wide(weight_of(order), 0u)); }
  }
  tally(0u, sum.low);
  atomicAdd(&high[0], sum.high);
  workgroupBarrier();
  if (thread == 0u) { step.left = Wide(atomicLoad(&low[0]), atomicLoad(&high[0])); }
  return workgroupUniformLoad(&step).left;
}

/**
 * Where the running sum of the tokens up to the last one, of ones or of weights, reaches the target of at least 1: in the
 * order of ranks from the first byte on, or of ids alone from ID_BYTE on.
 */
fn reach(target_sum: Wide, last: Rank, by_weight: bool, first_byte: u32) -> Rank {
  var place = Rank(0u, 0u);
  var known = Rank(0u, 0u);
  var left = target_sum;
  for (var byte = first_byte; byte < ID_BYTE + ID_BYTES; byte++) {
    let of_order = byte < ID_BYTE;
    let shift = 8u * select(ID_BYTE + ID_BYTES - 1u - byte, ID_BYTE - 1u - byte, of_order);
    clear();
    for (var id = thread; id < VOCABULARY; id += THREADS) {
      let order = order_of(bits_at(id));
      let follows = ((order ^ place.order) & known.order) == 0u && ((id ^ place.id) & known.id) == 0u;
      if (follows && ranks_until(order, id, last)) {
        let amount = select(1u, weight_of(order), by_weight);
        if (amount > 0u) { tally((select(id, order, of_order) >> shift) & 255u, amount); }
      }
    }
    workgroupBarrier();
    if (thread == 0u) { walk(left); }
    let here = workgroupUniformLoad(&step);
    left = here.left;
    if (of_order) {
      place.order |= here.byte << shift;
      known.order |= 255u << shift;
    } else {
      place.id |= here.byte << shift;
      known.id |= 255u << shift;
    }
  }
  return place;
}

/** Along the bins to the one in which the target is reached. */
fn walk(target_sum: Wide) {
  var before = Wide(0u, 0u);
  for (var bin = 0u; bin < THREADS; bin++) {
    let sum = add(before, Wide(atomicLoad(&low[bin]), atomicLoad(&high[bin])));
    if (!less(sum, target_sum)) {
      step = Step(bin, subtract(target_sum, before));
      return;
    }
    before = sum;
  }
  step = Step(0u, target_sum);
}

@compute @workgroup_size(${THREADS})
fn sample(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  let draw = draws[group.x];
  if (draw.scale == 0.0) { return; }
  thread = index;
  row = group.x;
  scale = draw.scale;
  find_likeliest();

  let one = Wide(1u, 0u);
  var last = Rank(NO_NUMBER, NO_NUMBER);
  if (draw.top_k > 0u && draw.top_k < VOCABULARY) { last = reach(Wide(draw.top_k, 0u), last, false, 0u); }
  var total = weight_until(last);
  if (draw.top_p > 0u) {
    var wanted = share(total, draw.top_p);
    if (less(wanted, one)) { wanted = one; }
    last = reach(wanted, last, true, 0u);
    total = weight_until(last);
  }
  let token = reach(add(share(total, draw.uniform_bits), one), last, true, ID_BYTE);
  if (thread == 0u) { chosen[row] = vec2u(token.id, 0u); }
}
`;
