#include "interop/pytorch_parts.hpp"

namespace ganymede::interop {

const PyTorchPart kConvGruPart{"ConvGRU", R"(class ConvGRU(nn.Module):
    """A gated recurrent unit over [N, C, T, W], its products convolutions over W (Ballas et al. 2016, eqs. 3-6)."""

    def __init__(self, inputs, units, kernel, bias=True):
        super().__init__()
        self.weight_ih = nn.Parameter(torch.zeros(3 * units, inputs, 1, kernel))
        self.weight_hh = nn.Parameter(torch.zeros(3 * units, units, 1, kernel))
        self.bias = nn.Parameter(torch.zeros(3 * units)) if bias else None
        self.around = ((kernel - 1) // 2, kernel // 2)

    def forward(self, x):
        units = self.weight_hh.shape[1]
        fed = F.conv2d(F.pad(x, self.around), self.weight_ih, self.bias)
        h = x.new_zeros(x.shape[0], units, 1, x.shape[3])
        states = []
        for step in fed.split(1, 2):
            r, u = torch.sigmoid(
                step[:, : 2 * units] + F.conv2d(F.pad(h, self.around), self.weight_hh[: 2 * units])
            ).chunk(2, 1)
            n = torch.tanh(step[:, 2 * units :] + F.conv2d(F.pad(r * h, self.around), self.weight_hh[2 * units :]))
            h = (1 - u) * h + u * n
            states.append(h)
        return torch.cat(states, 2)
)"};

const PyTorchPart kLstmPart{"LSTM", R"(class LSTM(nn.Module):
    """Long short-term memory over [N, C, T]; with `steps` it begins with its input, a state [N, units], fed nothing."""

    def __init__(self, inputs, units, steps=0, bias=True, forget_bias=1.0):
        super().__init__()
        self.steps, self.forget_bias = steps, forget_bias
        self.weight_ih = None if steps else nn.Parameter(torch.zeros(4 * units, inputs))
        self.weight_hh = nn.Parameter(torch.zeros(4 * units, units))
        self.bias = nn.Parameter(torch.zeros(4 * units)) if bias else None

    def forward(self, x):
        h = c = x if self.steps else x.new_zeros(x.shape[0], self.weight_hh.shape[1])
        states = []
        for t in range(self.steps or x.shape[2]):
            gates = F.linear(h, self.weight_hh, self.bias)
            if not self.steps:
                gates = gates + F.linear(x[:, :, t], self.weight_ih)
            i, f, g, o = gates.chunk(4, 1)
            c = torch.sigmoid(f + self.forget_bias) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        return torch.stack(states, 2)
)"};

const PyTorchPart kMinibatchStdPart{"MinibatchStd", R"(class MinibatchStd(nn.Module):
    """One more channel: how much a batch's samples differ (Karras et al. 2018); in inference its running mean."""

    def __init__(self, eps):
        super().__init__()
        self.eps = eps
        self.register_buffer("running_mean", torch.zeros(1))

    def forward(self, x):
        spread = (x.var(0, unbiased=False) + self.eps).sqrt().mean() if self.training else self.running_mean
        return torch.cat((x, spread.expand(x.shape[0], 1, *x.shape[2:])), 1)
)"};

const PyTorchPart kProjectionPart{"Projection", R"(class Projection(nn.Module):
    """A logit that holds how well the features fit the class (Miyato, Koyama 2018)."""

    def __init__(self, features, classes):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, features))
        self.bias = nn.Parameter(torch.zeros(1))
        self.class_weight = nn.Parameter(torch.zeros(classes, features))

    def forward(self, x, label):
        return F.linear(x, self.weight, self.bias) + (self.class_weight[label] * x).sum(1, keepdim=True)
)"};

}  // namespace ganymede::interop
