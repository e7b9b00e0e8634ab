package dev.parley.benchmarks.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LinePlotTest {
  @Test
  void scalesFromZeroToARoundNumberAboveTheHighest() throws Exception {
    LinePlot plot = new LinePlot("a 'title' & <more>", LinePlot.evenTicks(10));
    plot.add(
        new LinePlot.Series(
            "line", List.of(new LinePlot.Point(0, 0), new LinePlot.Point(10, 100))));

    Element line = (Element) parse(plot.svg()).getElementsByTagName("polyline").item(0);

    assertThat(line.getAttribute("points")).isEqualTo("70.0,220.0 740.0,60.0 ");
  }

  @Test
  void nothingMeasuredIsStillAPlot() throws Exception {
    LinePlot plot = new LinePlot("empty", LinePlot.evenTicks(0));
    plot.add(new LinePlot.Series("line", List.of()));

    assertThat(parse(plot.svg()).getElementsByTagName("polyline").getLength()).isOne();
  }

  @Test
  void stepsAreRound() {
    assertThat(LinePlot.roundStep(10)).isEqualTo(2);
    assertThat(LinePlot.roundStep(99)).isEqualTo(20);
    assertThat(LinePlot.roundStep(0.4)).isEqualTo(0.1);
    assertThat(LinePlot.roundStep(1_200)).isEqualTo(500);
    assertThat(LinePlot.evenTicks(10)).hasSize(6);
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
