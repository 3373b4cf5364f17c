package org.passerelle.identification.form;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDNumberTreeNode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDMarkInfo;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDParentTreeValue;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureTreeRoot;
import org.apache.pdfbox.pdmodel.documentinterchange.markedcontent.PDPropertyList;
import org.apache.pdfbox.pdmodel.documentinterchange.taggedpdf.StandardStructureTypes;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.interactive.viewerpreferences.PDViewerPreferences;

/**
 * A form as PDF: one page of A4, tagged, so that it can be read aloud, with its font in it. The font is Liberation Sans
 * (SIL Open Font License), which comes with PDFBox.
 */
final class FormPdf implements AutoCloseable {

    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final float MARGIN = 50;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float SIZE = 10;
    private static final float TITLE = 17;
    private static final float HEADING = 12;

    /** From baseline to baseline, of the size. */
    private static final float LEADING = 1.35f;

    private static final float LABEL = 165;
    private static final float RULE = 22;

    private final PDDocument document = new PDDocument();
    private final PDPage page = new PDPage(PDRectangle.A4);
    private final PDFont font;
    private final String colon;
    private final PDPageContentStream content;
    private final PDStructureElement root;
    private final COSArray parents = new COSArray();
    private float y = PDRectangle.A4.getHeight() - MARGIN;

    private FormPdf(Form form) throws IOException {
        document.addPage(page);
        // French puts a space before it.
        colon = form.language().equals(Locale.FRENCH) ? " :" : ":";
        try (InputStream file = PDDocument.class.getResourceAsStream(FONT)) {
            if (file == null) {
                throw new IllegalStateException("the font is missing");
            }
            font = PDType0Font.load(document, file, true);
        }
        content = new PDPageContentStream(document, page);
        var catalog = document.getDocumentCatalog();
        catalog.setLanguage(form.language().toLanguageTag());
        PDMarkInfo marked = new PDMarkInfo();
        marked.setMarked(true);
        catalog.setMarkInfo(marked);
        PDViewerPreferences preferences = new PDViewerPreferences(new COSDictionary());
        preferences.setDisplayDocTitle(true);
        catalog.setViewerPreferences(preferences);
        document.getDocumentInformation().setTitle(form.title());
        PDStructureTreeRoot tree = new PDStructureTreeRoot();
        catalog.setStructureTreeRoot(tree);
        root = new PDStructureElement(StandardStructureTypes.DOCUMENT, tree);
        tree.appendKid(root);
        page.setStructParents(0);
        PDNumberTreeNode numbers = new PDNumberTreeNode(PDParentTreeValue.class);
        numbers.setNumbers(Map.of(0, new PDParentTreeValue(parents)));
        tree.setParentTree(numbers);
        tree.setParentTreeNextKey(1);
    }

    static byte[] of(Form form) {
        try (FormPdf pdf = new FormPdf(form)) {
            pdf.paragraph(StandardStructureTypes.H1, form.title(), TITLE);
            pdf.y -= 6;
            for (Form.Line line : form.lines()) {
                pdf.write(line);
            }
            pdf.content.close();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            pdf.document.save(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Form.Line line) throws IOException {
        switch (line) {
            case Form.Heading heading -> {
                y -= 8;
                paragraph(StandardStructureTypes.H2, heading.text(), HEADING);
            }
            case Form.Text text -> paragraph(StandardStructureTypes.P, text.text(), SIZE);
            case Form.Entry entry -> entry(entry);
            case Form.Blank blank -> {
                if (!blank.label().isBlank()) {
                    paragraph(StandardStructureTypes.P, blank.label(), SIZE);
                }
                for (int i = 0; i < blank.lines(); i++) {
                    rule();
                }
            }
        }
    }

    private void paragraph(String type, String text, float size) throws IOException {
        List<String> lines = wrapped(text, size, WIDTH);
        begin(type);
        for (String line : lines) {
            y -= size * LEADING;
            show(line, MARGIN, size);
        }
        content.endMarkedContent();
    }

    private void entry(Form.Entry entry) throws IOException {
        begin(StandardStructureTypes.P);
        List<String> label = wrapped(entry.label() + colon, SIZE, LABEL - 8);
        List<String> value = wrapped(entry.value(), SIZE, WIDTH - LABEL);
        for (int i = 0; i < Math.max(label.size(), value.size()); i++) {
            y -= SIZE * LEADING;
            if (i < label.size()) {
                show(label.get(i), MARGIN, SIZE);
            }
            if (i < value.size()) {
                show(value.get(i), MARGIN + LABEL, SIZE);
            }
        }
        content.endMarkedContent();
    }

    private void rule() throws IOException {
        y -= RULE;
        content.beginMarkedContent(COSName.ARTIFACT);
        content.setLineWidth(0.5f);
        content.moveTo(MARGIN, y);
        content.lineTo(MARGIN + WIDTH, y);
        content.stroke();
        content.endMarkedContent();
    }

    /** Everything until the end of the mark is one element of the structure. */
    private void begin(String type) throws IOException {
        PDStructureElement element = new PDStructureElement(type, root);
        element.setPage(page);
        int id = parents.size();
        element.getCOSObject().setInt(COSName.K, id);
        root.appendKid(element);
        parents.add(element.getCOSObject());
        COSDictionary properties = new COSDictionary();
        properties.setInt(COSName.MCID, id);
        content.beginMarkedContent(COSName.getPDFName(type), PDPropertyList.create(properties));
    }

    private void show(String text, float x, float size) throws IOException {
        content.beginText();
        content.setFont(font, size);
        content.newLineAtOffset(x, y);
        content.showText(text);
        content.endText();
    }

    /** Broken between words, and within one that is wider than the line. */
    private List<String> wrapped(String text, float size, float width) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : printable(text).split(" ")) {
            String rest = word;
            if (!line.isEmpty() && width(line + " " + rest, size) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (width(rest, size) > width) {
                int fits = rest.length();
                while (width(rest.substring(0, fits), size) > width) {
                    fits--;
                }
                lines.add(rest.substring(0, fits));
                rest = rest.substring(fits);
            }
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    private float width(String text, float size) throws IOException {
        return font.getStringWidth(text) / 1000 * size;
    }

    /** What the font has no sign for is shown as one that says so, rather than nothing at all. */
    private String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            String sign = Character.isWhitespace(point) ? " " : Character.toString(point);
            try {
                font.encode(sign);
                printable.append(sign);
            } catch (IOException | IllegalArgumentException noSign) {
                printable.append('?');
            }
        });
        return printable.toString();
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
