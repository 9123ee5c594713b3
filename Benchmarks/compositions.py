"""What a user of torch writes for each op over each region that `pooling-bench ops` measures.

One library call where there is one, else the usual composition, such as avg_pool(exp(x) x) / avg_pool(exp(x)) for
SoftPool. A region knows how to take the mean, the maximum and so on of its windows; most ops are then the same for all
regions. An op without a method has no peer: `stochastic` draws other random numbers than torch does.
"""

import math

import torch
import torch.nn.functional as F

try:
    from torchvision.extension import _has_ops
    from torchvision.ops import roi_align, roi_pool
    has_torchvision = _has_ops()
except (ImportError, RuntimeError):
    has_torchvision = False

# Of GeM, below which a value counts as this.
SMALLEST = 1e-6
# Keeps the derivative of a root finite.
LEAST_VARIANCE = 1e-12


class Region:
    """Ops by the means, sums and windows of a region. `windows` gives [..., cells] with `fill` where there is none."""

    def __init__(self, tensors):
        self.tensors = tensors
        self.prepare()

    def prepare(self):
        """What does not belong to the measured time, such as the number of cells of each window."""

    def avg(self, x):
        return self.mean(x)

    def sum(self, x):
        return self.mean(x) * self.count

    def min(self, x):
        return -self.max(-x)

    def product(self, x):
        return self.windows(x, 1).prod(-1)

    def median(self, x):
        return self.windows(x, math.nan).nanmedian(-1).values

    def quantile(self, x):
        return self.windows(x, math.nan).nanquantile(0.5, -1)

    def lp(self, x):
        return self.sum(x * x).sqrt()

    def power_avg(self, x):
        return self.mean(x.clamp(min=SMALLEST) ** 3) ** (1 / 3)

    def logsumexp(self, x):
        return self.mean(x.exp()).log()

    def softmax(self, x):
        weights = x.exp()
        return self.mean(weights * x) / self.mean(weights)

    def variance(self, x):
        return self.mean(x * x) - self.mean(x) ** 2

    def std(self, x):
        return self.variance(x).clamp(min=LEAST_VARIANCE).sqrt()

    def mixed(self, x):
        return 0.5 * self.max(x) + 0.5 * self.mean(x)

    def mean_sqrt_len(self, x):
        return self.sum(x) / self.count ** 0.5

    def answer(self, y, layout):
        """The output in the order of axes that the service has."""
        return y.permute(0, 2, 3, 1) if layout == "channels_last" else y


class Sliding(Region):
    """3x3, stride 2, padding 1."""

    def prepare(self):
        side = self.tensors["input"].shape[-1]
        self.count = self.sum(torch.ones(1, 1, side, side))
        self.rows = (torch.arange(0, side, 2) - 1).clamp(min=0)

    def avg(self, x):
        return F.avg_pool2d(x, 3, 2, 1)

    def mean(self, x):
        return F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)

    def sum(self, x):
        return F.avg_pool2d(x, 3, 2, 1, divisor_override=1)

    def max(self, x):
        return F.max_pool2d(x, 3, 2, 1)

    def windows(self, x, fill):
        return F.pad(x, (1, 1, 1, 1), value=fill).unfold(2, 3, 2).unfold(3, 3, 2).flatten(-2)

    def weighted(self, x, weights):
        channels = x.shape[1]
        return F.conv2d(x, weights.expand(channels, 1, 3, 3), stride=2, padding=1, groups=channels)

    def first(self, x):
        return x.index_select(2, self.rows).index_select(3, self.rows)

    def last(self, x):
        return x[:, :, 1::2, 1::2].clone()


class SlidingWithoutPadding(Region):
    """2x2, stride 2."""

    count = 4

    def mean(self, x):
        return F.avg_pool2d(x, 2)

    def sum(self, x):
        return F.avg_pool2d(x, 2, divisor_override=1)

    def max(self, x):
        return F.max_pool2d(x, 2)

    def windows(self, x, fill):
        return x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(-2)

    def median(self, x):
        return self.windows(x, 0).median(-1).values

    def quantile(self, x):
        return self.windows(x, 0).quantile(0.5, -1)

    def weighted(self, x, weights):
        channels = x.shape[1]
        return F.conv2d(x, weights.expand(channels, 1, 2, 2), stride=2, groups=channels)

    def first(self, x):
        return x[:, :, ::2, ::2].clone()

    def last(self, x):
        return x[:, :, 1::2, 1::2].clone()


class Global(Region):
    def prepare(self):
        self.count = self.tensors["input"][0, 0].numel()

    def mean(self, x):
        return x.mean((2, 3), keepdim=True)

    def sum(self, x):
        return x.sum((2, 3), keepdim=True)

    def max(self, x):
        return x.amax((2, 3), keepdim=True)

    def min(self, x):
        return x.amin((2, 3), keepdim=True)

    def product(self, x):
        return x.flatten(2).prod(-1)[..., None, None]

    def median(self, x):
        return x.flatten(2).median(-1).values[..., None, None]

    def quantile(self, x):
        return x.flatten(2).quantile(0.5, -1)[..., None, None]

    def lp(self, x):
        return torch.linalg.vector_norm(x, 2, (2, 3), keepdim=True)

    def logsumexp(self, x):
        return x.logsumexp((2, 3), keepdim=True) - math.log(self.count)

    def softmax(self, x):
        rows = x.flatten(2)
        return (rows.softmax(-1) * rows).sum(-1)[..., None, None]

    def variance(self, x):
        return x.var((2, 3), correction=0, keepdim=True)

    def std(self, x):
        return x.std((2, 3), correction=0, keepdim=True)

    def weighted(self, x, weights):
        return (x.flatten(2) @ weights.flatten())[..., None, None]

    def first(self, x):
        return x[:, :, :1, :1].clone()

    def last(self, x):
        return x[:, :, -1:, -1:].clone()


class Adaptive(Region):
    """A number of bins in each direction that divides the side."""

    def __init__(self, tensors, size=7):
        self.size = size
        self.extent = tensors["input"].shape[-1] // size
        self.count = self.extent ** 2
        super().__init__(tensors)

    def mean(self, x):
        return F.adaptive_avg_pool2d(x, self.size)

    def max(self, x):
        return F.adaptive_max_pool2d(x, self.size)

    def windows(self, x, fill):
        extent = self.extent
        return x.unfold(2, extent, extent).unfold(3, extent, extent).flatten(-2)

    def median(self, x):
        return self.windows(x, 0).median(-1).values

    def quantile(self, x):
        return self.windows(x, 0).quantile(0.5, -1)

    def first(self, x):
        return x[:, :, ::self.extent, ::self.extent].clone()

    def last(self, x):
        return x[:, :, self.extent - 1::self.extent, self.extent - 1::self.extent].clone()


class Fractional(SlidingWithoutPadding):
    """2x2 windows at random places. Half as many as there are cells leave no choice, but torch cannot know."""

    OUTPUT = 28

    def prepare(self):
        starts = 2 * torch.arange(self.OUTPUT)
        self.cells = torch.stack([starts, starts + 1], 1).flatten()
        batch, channels = self.tensors["input"].shape[:2]
        self.samples = torch.rand(batch, channels, 2)

    def gathered(self, x):
        return x.index_select(2, self.cells).index_select(3, self.cells)

    def mean(self, x):
        return super().mean(self.gathered(x))

    def sum(self, x):
        return super().sum(self.gathered(x))

    def max(self, x):
        return F.fractional_max_pool2d(x, 2, self.OUTPUT, _random_samples=self.samples)

    def windows(self, x, fill):
        return super().windows(self.gathered(x), fill)

    weighted = None

    def first(self, x):
        return x.index_select(2, self.cells[::2]).index_select(3, self.cells[::2])

    def last(self, x):
        return x.index_select(2, self.cells[1::2]).index_select(3, self.cells[1::2])


class Levels:
    """A spatial pyramid: adaptive bins of several sizes, one after the other."""

    def __init__(self, tensors):
        self.levels = [Adaptive(tensors, size) for size in (1, 2, 4)]

    def __getattr__(self, op):
        methods = [getattr(level, op) for level in self.levels]

        def pooled(x):
            # Channels last put all channels of one bin side by side.
            last = x.is_contiguous(memory_format=torch.channels_last)
            outputs = [method(x) for method in methods]
            return torch.cat([(y.permute(0, 2, 3, 1) if last else y).flatten(1) for y in outputs], 1)
        return pooled

    def answer(self, y, layout):
        return y


class RoI(Region):
    """Maxima by torchvision if it is there; else each box is cut out and pooled by itself."""

    SIZE = 7

    def prepare(self):
        rois = self.tensors["rois"]
        self.rois = rois.float()
        corners = (rois[:, 1:] + 0.5).floor().long().tolist()
        self.boxes = [
            (int(batch), x1, y1, x2 + 1, y2 + 1) for batch, (x1, y1, x2, y2) in zip(rois[:, 0].tolist(), corners)]
        self.bins = [(self.edges(y1, y2), self.edges(x1, x2)) for _, x1, y1, x2, y2 in self.boxes]
        self.counts = [
            torch.tensor([[float((bottom - top) * (right - left)) for left, right in columns] for top, bottom in rows])
            for rows, columns in self.bins]

    def edges(self, start, end):
        extent = end - start
        return [(bin * extent // self.SIZE, -(-(bin + 1) * extent // self.SIZE)) for bin in range(self.SIZE)]

    def each(self, x, pool):
        boxes = zip(self.boxes, self.bins, self.counts)
        return torch.cat([
            pool(x[batch:batch + 1, :, y1:y2, x1:x2], bins, counts)
            for (batch, x1, y1, x2, y2), bins, counts in boxes])

    def mean(self, x):
        return self.each(x, lambda box, bins, counts: F.adaptive_avg_pool2d(box, self.SIZE))

    def sum(self, x):
        return self.each(x, lambda box, bins, counts: F.adaptive_avg_pool2d(box, self.SIZE) * counts)

    def mean_sqrt_len(self, x):
        return self.each(x, lambda box, bins, counts: F.adaptive_avg_pool2d(box, self.SIZE) * counts.sqrt())

    def of_bins(self, x, pool):
        def box_pool(box, bins, counts):
            rows, columns = bins
            return torch.stack([
                pool(box[:, :, top:bottom, left:right].flatten(2)) for top, bottom in rows for left, right in columns
            ], -1).unflatten(-1, (self.SIZE, self.SIZE))
        return self.each(x, box_pool)

    def product(self, x):
        return self.of_bins(x, lambda cells: cells.prod(-1))

    def median(self, x):
        return self.of_bins(x, lambda cells: cells.median(-1).values)

    def quantile(self, x):
        return self.of_bins(x, lambda cells: cells.quantile(0.5, -1))

    def picked(self, x, side):
        def pick(box, bins, counts):
            rows, columns = ([edges[side] - side for edges in axis] for axis in bins)
            return box[:, :, rows][:, :, :, columns]
        return self.each(x, pick)

    def first(self, x):
        return self.picked(x, 0)

    def last(self, x):
        return self.picked(x, 1)

    def max(self, x):
        if not has_torchvision:
            return self.each(x, lambda box, bins, counts: F.adaptive_max_pool2d(box, self.SIZE))
        return roi_pool(x, self.rois, self.SIZE)


class RoIAlign(Region):
    SIZE = 7

    def prepare(self):
        if not has_torchvision:
            raise NotImplementedError("torchvision is not installed")
        self.rois = self.tensors["rois"].float()

    def avg(self, x):
        return roi_align(x, self.rois, self.SIZE, sampling_ratio=2)

    def max(self, x):
        return F.max_pool2d(roi_align(x, self.rois, 2 * self.SIZE, sampling_ratio=1), 2)


class Sequence(Region):
    """Sentences of different lengths, padded; the mask is at hand, as a tokenizer gives it."""

    def prepare(self):
        lengths = self.tensors["lengths"]
        steps = self.tensors["input"].shape[1]
        self.lasts = lengths - 1
        self.sentences = torch.arange(len(lengths))
        self.count = lengths[:, None].float()
        self.valid = (torch.arange(steps) < lengths[:, None])[..., None]
        self.mask = self.valid.float()
        self.invalid = ~self.valid

    def sum(self, x):
        return (x * self.mask).sum(1)

    def mean(self, x):
        return self.sum(x) / self.count

    def max(self, x):
        return x.masked_fill(self.invalid, -math.inf).max(1).values

    def min(self, x):
        return x.masked_fill(self.invalid, math.inf).min(1).values

    def windows(self, x, fill):
        return x.masked_fill(self.invalid, fill).transpose(1, 2)

    def product(self, x):
        return x.masked_fill(self.invalid, 1).prod(1)

    def lp(self, x):
        return torch.linalg.vector_norm(x * self.mask, 2, 1)

    def logsumexp(self, x):
        return x.masked_fill(self.invalid, -math.inf).logsumexp(1) - self.count.log()

    def softmax(self, x):
        return (x.masked_fill(self.invalid, -math.inf).softmax(1) * x).sum(1)

    def variance(self, x):
        return self.mean((x - self.mean(x)[:, None]) ** 2)

    def weighted(self, x, weights):
        return (x * (self.mask * weights[:, None])).sum(1)

    def first(self, x):
        return x[:, 0].clone()

    def last(self, x):
        return x[self.sentences, self.lasts]

    def answer(self, y, layout):
        return y


class Segments(Region):
    """Nodes of graphs in any order."""

    SEGMENTS = 512

    def prepare(self):
        self.ids = self.tensors["segment_ids"]
        self.counts = self.ids.bincount(minlength=self.SEGMENTS)
        self.starts = (self.counts.cumsum(0) - self.counts)[:, None]
        self.count = self.counts[:, None].clamp(min=1).float()

    def zeros(self, x):
        return x.new_zeros(self.SEGMENTS, x.shape[1])

    def sum(self, x):
        return self.zeros(x).index_add(0, self.ids, x)

    def mean(self, x):
        return self.sum(x) / self.count

    def reduced(self, x, by):
        return self.zeros(x).scatter_reduce(0, self.ids[:, None].expand_as(x), x, by, include_self=False)

    def max(self, x):
        return self.reduced(x, "amax")

    def min(self, x):
        return self.reduced(x, "amin")

    def product(self, x):
        return self.reduced(x, "prod")

    def weighted(self, x, weights):
        return self.sum(x * weights[:, None])

    def sorted(self, x):
        """The rows of each segment in the order of their values, segment after segment."""
        by_value = x.argsort(0)
        by_segment = self.ids[by_value].argsort(dim=0, stable=True)
        return x.gather(0, by_value.gather(0, by_segment))

    def median(self, x):
        return self.sorted(x)[(self.starts + (self.counts[:, None] - 1) // 2).squeeze(1)]

    def quantile(self, x):
        place = 0.5 * (self.counts - 1)
        low = place.floor().long()
        rows, starts = self.sorted(x), self.starts.squeeze(1)
        return torch.lerp(rows[starts + low], rows[starts + place.ceil().long()], (place - low)[:, None])

    def taken(self, x, by):
        rows = torch.arange(len(x))
        return x[rows.new_zeros(self.SEGMENTS).scatter_reduce(0, self.ids, rows, by, include_self=False)]

    def first(self, x):
        return self.taken(x, "amin")

    def last(self, x):
        return self.taken(x, "amax")

    def answer(self, y, layout):
        return y


REGIONS = {
    "sliding": Sliding, "sliding 2x2": SlidingWithoutPadding, "global": Global, "adaptive": Adaptive,
    "fractional": Fractional, "pyramid": Levels, "roi": RoI, "roi_align": RoIAlign, "sequence": Sequence,
    "segments": Segments}
