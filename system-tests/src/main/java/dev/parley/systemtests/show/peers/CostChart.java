package dev.parley.systemtests.show.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A bar chart of what the same work costs two servers, as SVG: a panel for each unit, each with a
 * scale of its own that begins at zero. One thread.
 */
final class CostChart {
  private static final int WIDTH = 760;
  private static final int LABEL_WIDTH = 170;
  private static final int BAR_WIDTH_MAX = 480;
  private static final int BAR_HEIGHT = 16;
  private static final int GROUP_HEIGHT = 48;
  private static final int TITLE_HEIGHT = 64;
  private static final int PANEL_TITLE_HEIGHT = 34;
  private static final String PARLEY_COLOUR = "#1f6fd6";
  private static final String JANUS_COLOUR = "#98a2b3";

  private final String title;
  private final String subtitle;
  private final List<Panel> panels = new ArrayList<>();

  /**
   * One panel.
   *
   * @param title with the unit
   */
  record Panel(String title, List<Group> groups) {}

  /** The same work on both, in the panel's unit. */
  record Group(String label, double parley, double janus) {}

  CostChart(String title, String subtitle) {
    this.title = title;
    this.subtitle = subtitle;
  }

  void add(Panel panel) {
    panels.add(panel);
  }

  String svg() {
    StringBuilder body = new StringBuilder();
    text(body, 20, 28, "font-size='17' font-weight='600'", title);
    text(body, 20, 48, "fill='#475467'", subtitle);
    int y = TITLE_HEIGHT;
    for (Panel panel : panels) {
      y += PANEL_TITLE_HEIGHT;
      text(body, 20, y - 10, "font-weight='600'", panel.title());
      double highest = panel.groups().stream().mapToDouble(CostChart::higher).max().orElse(1);
      for (Group group : panel.groups()) {
        text(body, 20, y + BAR_HEIGHT + 4, "", group.label());
        bar(body, y, new Bar("Parley", PARLEY_COLOUR, group.parley(), highest));
        bar(body, y + BAR_HEIGHT + 2, new Bar("Janus", JANUS_COLOUR, group.janus(), highest));
        y += GROUP_HEIGHT;
      }
    }
    return """
    <svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d' viewBox='0 0 %1$d %2$d'
        font-family='system-ui, sans-serif' font-size='13' role='img' aria-label='%3$s'>
    <rect width='%1$d' height='%2$d' fill='#ffffff'/>
    %4$s</svg>
    """
        .formatted(WIDTH, y + 12, escaped(title), body);
  }

  private static double higher(Group group) {
    return Math.max(group.parley(), group.janus());
  }

  private record Bar(String name, String colour, double value, double highest) {}

  private static void bar(StringBuilder body, int y, Bar bar) {
    double width = bar.highest() > 0 ? BAR_WIDTH_MAX * bar.value() / bar.highest() : 0;
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>%n",
            LABEL_WIDTH,
            y,
            width,
            BAR_HEIGHT,
            bar.colour()));
    String words = String.format(Locale.ROOT, "%.1f  %s", bar.value(), bar.name());
    text(body, LABEL_WIDTH + (int) Math.round(width) + 6, y + BAR_HEIGHT - 4, "", words);
  }

  private static void text(StringBuilder body, int x, int y, String style, String words) {
    body.append(
        String.format(
            Locale.ROOT, "<text x='%d' y='%d' %s>%s</text>%n", x, y, style, escaped(words)));
  }

  private static String escaped(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&apos;");
  }
}
