package dev.parley.systemtests.browser;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Writes a photo of 1280 to 960 pixels, whose thumbnail is 320 wide. */
final class PhotoFile {
  private PhotoFile() {}

  /** Writes the file and returns its path: PNG, always the same. */
  static Path write(Path path) throws IOException {
    BufferedImage image = new BufferedImage(1280, 960, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillRect(random.nextInt(1280), random.nextInt(960), 60, 60);
    }
    graphics.dispose();
    ImageIO.write(image, "png", path.toFile());
    return path;
  }
}
