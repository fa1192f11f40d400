/** The `:names:` a bot is likely to write. Others stay as they were typed. */
export const emoji: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '+1': '👍', '-1': '👎', alarm_clock: '⏰', arrow_down: '⬇️', arrow_left: '⬅️', arrow_right: '➡️', arrow_up: '⬆️',
  arrows_counterclockwise: '🔄', ballot_box_with_check: '☑️', bell: '🔔', blue_heart: '💙', book: '📖', broom: '🧹',
  bulb: '💡', calendar: '📆', chart_with_upwards_trend: '📈', clipboard: '📋', clock1: '🕐', closed_lock_with_key: '🔐',
  construction: '🚧', credit_card: '💳', door: '🚪', envelope: '✉️', exclamation: '❗', eyes: '👀', fire: '🔥',
  gear: '⚙️', grey_question: '❔', hammer_and_wrench: '🛠️', handshake: '🤝', heavy_check_mark: '✔️',
  heavy_multiplication_x: '✖️', heavy_plus_sign: '➕', hourglass: '⌛', hourglass_flowing_sand: '⏳', house: '🏠',
  information_source: 'ℹ️', inbox_tray: '📥', key: '🔑', label: '🏷️', large_blue_circle: '🔵', large_blue_square: '🟦',
  large_brown_square: '🟫', large_green_circle: '🟢', large_green_square: '🟩', large_orange_square: '🟧',
  large_purple_square: '🟪', large_red_square: '🟥', large_yellow_circle: '🟡', large_yellow_square: '🟨', link: '🔗',
  lock: '🔒', lock_with_ink_pen: '🔏', mag: '🔍', megaphone: '📣', memo: '📝', no_entry: '⛔', no_entry_sign: '🚫',
  office: '🏢', old_key: '🗝️', paperclip: '📎', point_right: '👉', pushpin: '📌', question: '❓', raised_hand: '✋',
  recycle: '♻️', red_circle: '🔴', robot_face: '🤖', rocket: '🚀', rotating_light: '🚨', scroll: '📜', shield: '🛡️',
  sos: '🆘', sparkles: '✨', star: '⭐', stopwatch: '⏱️', tada: '🎉', ticket: '🎫', timer_clock: '⏲️', unlock: '🔓',
  wave: '👋', warning: '⚠️', white_check_mark: '✅', white_circle: '⚪', wrench: '🔧', x: '❌', zap: '⚡',
});
