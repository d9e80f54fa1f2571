// The curves of a game: losses, how far the fakes are from the reals, modes, slopes.
import type { Game } from './game';
import { MiniCurve } from './MiniCurve';

export function Curves({ game }: { game: Game }) {
  const version = game.curves.version.value;
  const { updates, scenes } = game.curves;
  const head = game.scene.value?.head;
  const has_modes = head?.modes !== null && (head?.of_modes ?? 0) > 1;
  return (
    <div class="play-curves">
      <MiniCurve
        title="Losses" about="G’s and D’s loss of every step. Losses alone do not tell whether G has learnt." x={updates.x} version={version}
        lines={[{ name: 'G', colour: '--generator', y: updates.y[0]! }, { name: 'D', colour: '--discriminator', dash: [4, 2], y: updates.y[1]! }]}
      />
      <MiniCurve
        title="Divergence" about="Jensen-Shannon divergence, in nats, between histograms of fakes and reals: 0 if both laws are one, 0.693 if they do not meet." x={scenes.x}
        version={version} bounds={[0, Math.LN2]} lines={[{ name: 'JS', colour: '--third', y: scenes.y[0]! }]} level={head ? { value: head.js_floor, words: 'perfect' } : undefined}
      />
      {has_modes ? (
        <MiniCurve
          title="Modes" about="Modes that at least one fake is within 3 deviations of." x={scenes.x} version={version} bounds={[0, head!.of_modes]}
          lines={[{ name: `of ${head!.of_modes}`, colour: '--text', y: scenes.y[1]! }]}
        />
      ) : (
        <MiniCurve
          title="D is right" about="Shares of reals and of fakes that D judges rightly; at a half it cannot tell." x={updates.x} version={version} bounds={[0, 1]}
          lines={[{ name: 'reals', colour: '--text', y: updates.y[2]! }, { name: 'fakes', colour: '--generator', dash: [4, 2], y: updates.y[3]! }]}
        />
      )}
      <MiniCurve
        title="Gradients" about="Length of each player’s gradient, all weights together. Where G’s falls to nothing, it learns nothing." x={updates.x} version={version} log
        lines={[{ name: 'G', colour: '--generator', y: updates.y[4]! }, { name: 'D', colour: '--discriminator', dash: [4, 2], y: updates.y[5]! }]}
      />
    </div>
  );
}
