//! Pictures of what something costs against how much of it there is, as SVG.

use plotters::prelude::*;
use std::path::Path;

/// One line of a picture, from left to right.
pub(crate) struct Line {
    what: &'static str,
    points: Vec<(f64, f64)>,
}

impl Line {
    pub(crate) fn new(what: &'static str, points: Vec<(f64, f64)>) -> Self {
        Self { what, points }
    }
}

pub(crate) struct Picture {
    /// Of its file.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
    /// Whether each step to the right is a tenfold.
    pub(crate) log_x: bool,
    pub(crate) lines: Vec<Line>,
}

const COLOURS: [RGBColor; 3] = [
    RGBColor(0x1f, 0x5f, 0xa8),
    RGBColor(0xc4, 0x5a, 0x11),
    RGBColor(0x3a, 0x7d, 0x44),
];

impl Picture {
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.svg", self.name));
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let (x_most, y_most) = (
            most(&mut points().map(|(x, _)| *x)),
            most(&mut points().map(|(_, y)| *y)) * 1.1,
        );
        let x_least = points().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
        let area = SVGBackend::new(&path, (760, 420)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area);
        chart
            .caption(self.title, ("sans-serif", 17))
            .margin(12)
            .x_label_area_size(38)
            .y_label_area_size(62);
        match self.log_x {
            true => {
                let chart = chart.build_cartesian_2d((x_least..x_most).log_scale(), 0.0..y_most)?;
                self.draw(chart)?;
            }
            false => {
                let chart = chart.build_cartesian_2d(x_least..x_most, 0.0..y_most)?;
                self.draw(chart)?;
            }
        }
        area.present()?;
        Ok(())
    }

    fn draw<'a, X>(
        &self,
        mut chart: ChartContext<
            'a,
            SVGBackend<'a>,
            Cartesian2d<X, plotters::coord::types::RangedCoordf64>,
        >,
    ) -> anyhow::Result<()>
    where
        X: Ranged<ValueType = f64> + plotters::coord::ranged1d::ValueFormatter<f64>,
    {
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .x_label_formatter(&|x| thousands(*x))
            .y_label_formatter(&|y| thousands(*y))
            .light_line_style(WHITE)
            .draw()?;
        for (line, colour) in self.lines.iter().zip(COLOURS) {
            chart
                .draw_series(LineSeries::new(
                    line.points.iter().copied(),
                    colour.stroke_width(2),
                ))?
                .label(line.what)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
            let dots = line
                .points
                .iter()
                .map(|point| Circle::new(*point, 3, colour.filled()));
            chart.draw_series(dots)?;
        }
        chart
            .configure_series_labels()
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        Ok(())
    }
}

/// `12,000`; small numbers as they are.
pub(crate) fn thousands(value: f64) -> String {
    let whole = format!("{value:.0}");
    if value.abs() < 1_000.0 {
        let short = format!("{value:.1}");
        return short.trim_end_matches(".0").to_owned();
    }
    let (digits, mut out) = (whole.len(), String::new());
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (digits - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_are_written_for_people() {
        let written = [0.0, 0.25, 12.34, 999.0, 1_000.0, 1_234_567.0].map(thousands);
        assert_eq!(written, ["0", "0.2", "12.3", "999", "1,000", "1,234,567"]);
    }
}
