//! Rows in clusters: y = μ + u + w + e, with u ~ N(0, τ²_between) shared by the rows of a cluster, w ~ N(0, τ²_within) of
//! each row, and the known variance v of e (Konstantopoulos 2011, doi:10.1002/jrsm.35; Van den Noortgate, López-López,
//! Marín-Martínez & Sánchez-Meca 2013, doi:10.3758/s13428-012-0261-6).

mod fit;
mod interval;
mod maximum;
mod rows;
mod surface;

pub use fit::ThreeLevelFit;
