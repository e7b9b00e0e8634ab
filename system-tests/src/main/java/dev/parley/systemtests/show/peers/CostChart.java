package dev.parley.systemtests.show.peers;

import dev.parley.benchmarks.plot.Svg;
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
    Svg svg = new Svg();
    svg.text(20, 28, "font-size='17' font-weight='600'", title);
    svg.text(20, 48, "fill='#475467'", subtitle);
    int y = TITLE_HEIGHT;
    for (Panel panel : panels) {
      y += PANEL_TITLE_HEIGHT;
      svg.text(20, y - 10, "font-weight='600'", panel.title());
      double highest = panel.groups().stream().mapToDouble(CostChart::higher).max().orElse(1);
      for (Group group : panel.groups()) {
        svg.text(20, y + BAR_HEIGHT + 4, "", group.label());
        bar(svg, y, new Bar("Parley", PARLEY_COLOUR, group.parley(), highest));
        bar(svg, y + BAR_HEIGHT + 2, new Bar("Janus", JANUS_COLOUR, group.janus(), highest));
        y += GROUP_HEIGHT;
      }
    }
    return svg.drawing(WIDTH, y + 12, title);
  }

  private static double higher(Group group) {
    return Math.max(group.parley(), group.janus());
  }

  private record Bar(String name, String colour, double value, double highest) {}

  private static void bar(Svg svg, int y, Bar bar) {
    double width = bar.highest() > 0 ? BAR_WIDTH_MAX * bar.value() / bar.highest() : 0;
    svg.rectangle(LABEL_WIDTH, y, width, BAR_HEIGHT, bar.colour());
    String words = String.format(Locale.ROOT, "%.1f  %s", bar.value(), bar.name());
    svg.text(LABEL_WIDTH + width + 6, y + BAR_HEIGHT - 4, "", words);
  }
}
